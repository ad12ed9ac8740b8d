"""The same plan as a straight loop in Decimal: what one writes without an engine."""
