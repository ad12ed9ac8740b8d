"""Every body that can have an example gets a complete one."""

from typing import Any

from premia_runtime.openapi_examples import complete_examples


def _object(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties), **more}


NULLABLE_TEXT = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_a_null_that_was_left_out_comes_back() -> None:
    schemas = {
        "Thing": _object(
            {"code": {"type": "string"}, "ended": NULLABLE_TEXT}, examples=[{"code": "A"}]
        )
    }

    complete_examples(schemas)

    assert schemas["Thing"]["examples"] == [{"code": "A", "ended": None}]


def test_a_page_shows_the_example_of_its_items() -> None:
    schemas = {
        "Thing": _object({"code": {"type": "string"}}, examples=[{"code": "A"}]),
        "Page": _object(
            {
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}},
                "next_cursor": NULLABLE_TEXT,
            }
        ),
    }

    complete_examples(schemas)

    assert schemas["Page"]["examples"] == [{"items": [{"code": "A"}], "next_cursor": None}]


def test_a_field_looks_as_it_does_in_another_model() -> None:
    schemas = {
        "In": _object({"code": {"type": "string"}}, examples=[{"code": "A"}]),
        "Out": _object({"id": {"type": "string", "format": "uuid"}, "code": {"type": "string"}}),
    }

    complete_examples(schemas)

    assert schemas["Out"]["examples"] == [
        {"id": "0193a000-0000-7000-8000-00000000000a", "code": "A"}
    ]


def test_a_field_that_nobody_describes_leaves_the_model_without() -> None:
    schemas = {"Thing": _object({"mystery": {"type": "string"}})}

    complete_examples(schemas)

    assert "examples" not in schemas["Thing"]


def test_a_model_that_contains_itself_ends() -> None:
    schemas = {
        "Node": _object(
            {
                "id": {"type": "integer"},
                "children": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
            }
        )
    }

    complete_examples(schemas)

    assert schemas["Node"]["examples"][0]["id"] == 1
