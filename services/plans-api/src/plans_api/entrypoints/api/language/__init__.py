"""The language of formulas over HTTP."""
