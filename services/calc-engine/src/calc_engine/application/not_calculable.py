"""What a calculation answers instead of a result that would be wrong."""


class NotCalculable(Exception):
    """Raised when a calculation cannot end, however often it is tried; it says what to do."""
