"""The kinds of master data."""
