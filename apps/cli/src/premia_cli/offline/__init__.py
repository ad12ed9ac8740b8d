"""A calculation from a folder of tables to a folder of results, on this machine alone."""
