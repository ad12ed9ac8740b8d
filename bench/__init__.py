"""Measurements behind `make bench`: ratios to a baseline taken in the same run."""
