"""Figures of a scenario, from what its members met and what the bot told of itself."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

from benchmarks.load.crowd import Act
from bot.telemetry.lag import spread
from bot.views.mistakes import UNEXPECTED
from tests.wire.rest import Exchange

ACKNOWLEDGED_WITHIN_S = 3.0  # Discord's own limit
_NUMBER = re.compile(r"\d+(\.\d+)?")
_OUR_FAULT = UNEXPECTED.partition("{")[0]

Outcome = Literal["verse", "refused", "lost"]


def outcome_of(exchange: Exchange) -> Outcome:
    """Lost is who has no answer, or one that speaks of a fault of the bot's own."""
    if exchange.shown.get("embeds"):
        return "verse"
    told = _sentence(exchange)
    return "refused" if told and not told.startswith(_OUR_FAULT) else "lost"


def figures(
    act: Act, *, late_ms: Sequence[float], memory_mb: tuple[float, float]
) -> dict[str, Any]:
    """`late_ms` is the lag of the bot's event loop while the scenario lasted."""
    by_outcome: dict[Outcome, list[Exchange]] = {"verse": [], "refused": [], "lost": []}
    for exchange in act.exchanges:
        by_outcome[outcome_of(exchange)].append(exchange)
    verses, refused, lost = by_outcome["verse"], by_outcome["refused"], by_outcome["lost"]
    waits = [each.acknowledged_at - each.sent_at for each in act.exchanges if each.acknowledged_at]
    in_time = sum(wait <= ACKNOWLEDGED_WITHIN_S for wait in waits)
    num_sent = len(act.exchanges)
    return {
        "sent": num_sent,
        "acknowledged_within_3s": in_time / num_sent if num_sent else None,
        "acknowledgement_s": spread_of(waits),
        "verses": len(verses),
        "refused": len(refused),
        "refusals": dict(Counter(_NUMBER.sub("…", _sentence(each)) for each in refused)),
        "lost": len(lost),
        "verse_s": spread_of([_answer_s(each) for each in verses]),
        "refusal_s": spread_of([_answer_s(each) for each in refused if each.ended_at]),
        "verses_per_s": _per_second(verses, act.exchanges),
        "loop_lag_ms": spread_of(late_ms),
        "discord_lag_ms": spread_of(act.own_late_ms),
        "memory_mb": {"before": memory_mb[0], "after": memory_mb[1]},
    }


def _sentence(exchange: Exchange) -> str:
    return "\n".join(each.get("content") or "" for each in exchange.private)


def _answer_s(exchange: Exchange) -> float:
    return (exchange.ended_at or exchange.sent_at) - exchange.sent_at


def _per_second(verses: Sequence[Exchange], sent: Sequence[Exchange]) -> float:
    """From the first request to the last verse."""
    ended = [each.ended_at for each in verses if each.ended_at]
    return len(ended) / (max(ended) - sent[0].sent_at) if ended else 0.0


def spread_of(values: Sequence[float]) -> dict[str, float | None]:
    """p50, p99 and max, as bot.telemetry.lag has them; None where there are no values."""
    return {**spread(values)} if values else dict.fromkeys(("p50", "p99", "max"))
