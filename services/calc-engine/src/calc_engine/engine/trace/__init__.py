"""The rows of a result expanded into lines, cells, exceptions and the nodes that explain them."""
