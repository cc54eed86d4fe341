"""What counts as answered, refused and lost, and the figures that follow."""

from typing import Any

import pytest

from benchmarks.load.crowd import Act
from benchmarks.load.figures import figures, outcome_of
from tests.wire.rest import Exchange

VERSE = {"embeds": [{"description": "slim"}]}
FULL = {"content": "Too many requests are waiting. Try again in about 7 s.", "flags": 64}
FAULT = {"content": "Something went wrong on my side, and I have noted it as 1a2b.", "flags": 64}


def exchange(
    *, acknowledged: float | None = None, ended: float | None = None, **what: Any
) -> Exchange:
    return Exchange({}, sent_at=10.0, acknowledged_at=acknowledged, ended_at=ended, **what)


def measured(*exchanges: Exchange, late_ms: tuple[float, ...] = ()) -> dict[str, Any]:
    act = Act(name="x", exchanges=exchanges, began=0.0, ended=9.0, own_late_ms=[1.0])
    return figures(act, late_ms=late_ms, memory_mb=(300.0, 310.0))


@pytest.mark.parametrize(
    ("met", "outcome"),
    [
        ({"shown": VERSE}, "verse"),
        ({"private": [FULL]}, "refused"),
        ({"private": [FAULT]}, "lost"),
        ({}, "lost"),
        ({"shown": {"content": "You are number 3 in the queue"}}, "lost"),
    ],
)
def test_an_answer_is_a_verse_or_a_refusal_and_all_else_is_lost(
    met: dict[str, Any], outcome: str
) -> None:
    assert outcome_of(exchange(**met)) == outcome


def test_figures_tell_who_was_answered_and_how_soon() -> None:
    found = measured(
        exchange(acknowledged=10.5, ended=12.0, shown=VERSE),
        exchange(acknowledged=13.5, ended=14.0, shown=VERSE),
        exchange(acknowledged=12.0, ended=13.0, private=[FULL]),
        exchange(),
        late_ms=(1.0, 2.0, 90.0),
    )
    assert (found["sent"], found["verses"], found["refused"], found["lost"]) == (4, 2, 1, 1)
    assert found["acknowledged_within_3s"] == 0.5  # one late, one never
    assert found["acknowledgement_s"] == {"p50": 2.0, "p99": 3.5, "max": 3.5}
    assert found["verse_s"] == {"p50": 2.0, "p99": 4.0, "max": 4.0}
    assert found["verses_per_s"] == 0.5
    assert found["refusals"] == {"Too many requests are waiting. Try again in about … s.": 1}
    assert found["loop_lag_ms"] == {"p50": 2.0, "p99": 90.0, "max": 90.0}
    assert found["memory_mb"] == {"before": 300.0, "after": 310.0}


def test_where_nothing_came_there_are_no_figures() -> None:
    found = measured(exchange())
    assert found["acknowledged_within_3s"] == 0
    assert found["verse_s"] == {"p50": None, "p99": None, "max": None}
    assert found["verses_per_s"] == 0
