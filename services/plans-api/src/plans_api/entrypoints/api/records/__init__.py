"""Master data over HTTP."""
