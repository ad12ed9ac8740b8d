"""Primitives and contracts that every service shares.  Pure: no input, no output."""
