"""What a calculation answers instead of a result that would be wrong."""


class NotCalculable(Exception):
    """Raised when a calculation cannot end, however often it is tried; it says what to do."""


class TooLargeToBeExact(NotCalculable):
    """Raised when a figure outgrows the numbers of an engine; another may have larger ones."""
