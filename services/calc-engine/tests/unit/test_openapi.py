from calc_engine.__main__ import SERVICE_FOLDER, openapi


def test_the_committed_api_document_is_the_codes() -> None:
    committed = (SERVICE_FOLDER / "openapi.json").read_text()

    assert committed == openapi(), "run `python -m calc_engine openapi` and look at the difference"
