"""Findings come out of the database as they went in, and older ones do no harm."""

from bot.submissions import Findings, Flag


def test_what_was_found_is_read_again() -> None:
    found = Findings(
        language="en",
        language_confidence=0.98,
        similarity=0.31,
        similar_to=12,
        flags=(Flag(kind="markup", lines=(3, 9)), Flag(kind="unsure_language")),
    )
    stored = found.to_json()
    assert stored["num_flags"] == 2
    assert Findings.from_json(stored) == found.model_copy(update={"num_flags": 2})
    assert found.flagged_lines == {3, 9}


def test_what_was_never_looked_at_or_otherwise_has_no_findings() -> None:
    assert Findings.from_json({}) is None
    assert Findings.from_json({"flags": [{"kind": "of another version"}]}) is None
