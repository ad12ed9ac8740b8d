"""The plan document, its language, its checker and the reference engine: pure."""
