"""Re-adds a stored calculation from its lineage, sharing no code with the engines."""
