"""How a battle is written: whose turn it is, and what each answers to what was said before."""

import string
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.generation import VerseRequest
from bot.store import BattlePart
from bot.views.battle_card import side_of

LINES_A_TURN = 4

_RHYMES = "AABB"
_NO_RHYMES = string.ascii_lowercase  # each once, and what comes once asks for nothing
_NUM_CONTEXT_LINES = 2 * LINES_A_TURN


@dataclass(frozen=True, slots=True, kw_only=True)
class BattleOrder:
    """What a member asks for."""

    artist_a: str
    artist_b: str
    seed: str
    num_rounds: int
    minutes: int  # of the vote


def request_of_turn(
    opening: VerseRequest, artists: tuple[str, str], parts: Sequence[BattlePart]
) -> VerseRequest:
    """The next part after `parts`; `opening` is the request of the very first; of two voices.

    Couplets, and B's have the rhymes of A's. Both begin with the seed, and go on from what both
    said last.
    """
    position = len(parts)
    is_answer = side_of(position) == "b"
    before = [line for part in parts for line in _lines(part)][-_NUM_CONTEXT_LINES:]
    num_answered = len(_lines(parts[-1])) if is_answer else 0
    return replace(
        opening,
        artist=artists[position % 2],
        seed=opening.seed if position < len(artists) else "",
        context="\n".join(before),
        scheme=_scheme(len(before), num_answered),
        rng_seed=None if opening.rng_seed is None else (opening.rng_seed + position) % 2**63,
    )


def _scheme(num_before: int, num_answered: int) -> str:
    """A letter for each line of the context, the last of which are answered, and for those to come.

    Less than `LINES_A_TURN` lines are answered where no more were found that copy nothing.
    """
    return _NO_RHYMES[: num_before - num_answered] + _RHYMES[:num_answered] + _RHYMES


def _lines(part: BattlePart) -> list[str]:
    return [line for line in part.text.splitlines() if line.strip()]
