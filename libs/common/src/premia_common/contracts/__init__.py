"""The events of the shared topic: one module per publisher, and the envelope they travel in."""
