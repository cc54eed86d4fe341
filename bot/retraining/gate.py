"""Whether a candidate may go live, from its figures alone."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# A loss on the others that is smaller than this is called none.
_NOTHING = 0.005


@dataclass(frozen=True, slots=True)
class Decision:
    is_promoted: bool
    reason: str


def judge(figures: Mapping[str, Any], max_loss_on_others: float) -> Decision:
    """Promoted when the new songs read better and the others lost at most so many bits a character.

    `figures` are those of `job.JobResult`; one that is missing or no number rejects.
    """
    new, others = _comparison(figures, "new_songs"), _comparison(figures, "others")
    if new is None or others is None:
        what = "the new songs" if new is None else "the others"
        return Decision(False, f"There is no figure for {what}, so the live checkpoint stays.")
    bits = _shown(*new)
    if not new[1] < new[0]:
        return Decision(
            False, f"The new songs do not read better ({bits}), so the live checkpoint stays."
        )
    loss = others[1] - others[0]
    if loss > max_loss_on_others:
        return Decision(
            False,
            f"The new songs read better ({bits}), but the others lost too much ({loss:+.3f},"
            f" where {max_loss_on_others:g} is allowed), so the live checkpoint stays.",
        )
    lost = "nothing" if loss < _NOTHING else "little"
    return Decision(
        True, f"The new songs read better ({bits}) and the others lost {lost} ({loss:+.3f})."
    )


def _comparison(figures: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    """Live and candidate, in bits per character."""
    values = figures.get(name)
    if not isinstance(values, Mapping):
        return None
    live, candidate = _number(values.get("live")), _number(values.get("candidate"))
    return None if live is None or candidate is None else (live, candidate)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _shown(live: float, candidate: float) -> str:
    """With as many digits as it takes to see a difference."""
    digits = 2 if abs(live - candidate) >= 0.01 else 4
    return f"{live:.{digits}f} → {candidate:.{digits}f} bits per character"
