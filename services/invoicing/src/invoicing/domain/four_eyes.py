"""The maker of a thing cannot approve it."""

from uuid import UUID


class ApproverIsMaker(Exception):
    """Raised when a person approves what the same person made."""

    def __init__(self, thing: str, user_id: UUID) -> None:
        self.user_id = user_id
        super().__init__(
            f"User {user_id} made {thing} and cannot approve it.  Ask a second person."
        )
