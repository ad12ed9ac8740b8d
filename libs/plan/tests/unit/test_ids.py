import copy
import pickle
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from premia_common.identifiers import derive_id
from premia_plan.reference.ids import id_of


@settings(max_examples=40, deadline=None)
@given(key=st.text(st.characters(max_codepoint=127), max_size=200))
def test_an_id_is_the_one_that_derive_id_gives(key: str) -> None:
    assert id_of(key) == derive_id(key)


def test_an_id_is_an_ordinary_uuid() -> None:
    made = id_of("order 1")
    ordinary = UUID(str(made))

    assert (made.version, made.variant) == (8, ordinary.variant)
    assert (made.is_safe, hash(made), repr(made)) == (
        ordinary.is_safe,
        hash(ordinary),
        repr(ordinary),
    )
    assert pickle.loads(pickle.dumps(made)) == copy.deepcopy(made) == made
