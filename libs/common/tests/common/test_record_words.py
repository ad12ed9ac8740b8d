"""What a row that does not fit its table is told."""

import pytest
from pydantic import ValidationError

from premia_common.contracts.records import FigureRecord

FIGURE = {"figure": "target", "name": "sales", "period": "2026-03", "value": "5", "source": "test"}


@pytest.mark.parametrize("subject", ["payee:A1", "team:M1", "territory:", "plan:p", "plan\n"])
def test_a_wrong_subject_is_told_how_to_write_it(subject: str) -> None:
    with pytest.raises(ValidationError) as told:
        FigureRecord.model_validate({**FIGURE, "subject": subject})

    assert "team:HIERARCHY:HEAD; what is one payee's goes to targets" in str(told.value)


@pytest.mark.parametrize("subject", ["plan", "territory:nord", "category:gas", "team:sales:M1"])
def test_a_subject_is_kept(subject: str) -> None:
    assert FigureRecord.model_validate({**FIGURE, "subject": subject}).subject == subject
