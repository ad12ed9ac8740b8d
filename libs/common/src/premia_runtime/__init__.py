"""Plumbing that every service runs on, without one business word."""
