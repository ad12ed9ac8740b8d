"""The library of templates and metrics over HTTP."""
