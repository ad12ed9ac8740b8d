"""Pytest fixtures that run tests on a real PostgreSQL and NATS."""
