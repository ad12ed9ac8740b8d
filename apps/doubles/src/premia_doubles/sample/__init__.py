"""Invented companies, people and orders: the same for the same seed, and ignorant of any result."""
