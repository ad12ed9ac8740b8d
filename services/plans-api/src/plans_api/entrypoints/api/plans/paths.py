"""Parts of the paths of plans."""

from typing import Annotated

from fastapi import Path

Number = Annotated[int, Path(ge=1, le=1_000_000, description="Number of the plan version.")]
