"""No member outweighs the others in a run: how much of what they handed in it learns at once."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.config import RetrainingConfig
from bot.store import Lyrics


@dataclass(frozen=True, slots=True)
class Caps:
    """`max_share` of a run's characters, and `max_lyrics`, for each member."""

    max_share: float
    max_lyrics: int

    @classmethod
    def of(cls, config: RetrainingConfig) -> "Caps":
        return cls(config.max_share_per_submitter, config.max_lyrics_per_submitter)


def capped(lyrics: Sequence[Lyrics], caps: Caps) -> list[Lyrics]:
    """What one run learns of these; the rest waits for the next one. Their order stays.

    What the operator imported is taken whole. A member who is alone is not held back. Of everybody
    else each has at least one, the shortest where none fits.
    """
    by_member: dict[int, list[Lyrics]] = {}
    for each in lyrics:
        if each.submitter_id is not None:
            by_member.setdefault(each.submitter_id, []).append(each)
    num_imported = sum(_size(each) for each in lyrics if each.submitter_id is None)
    if len(by_member) + bool(num_imported) < 2:
        return list(lyrics)
    few = {member: own[: caps.max_lyrics] for member, own in by_member.items()}
    sizes = {member: sum(map(_size, own)) for member, own in few.items()}
    allowed = _most_each(sizes, num_imported, caps.max_share)
    taken = {each.id for own in few.values() for each in _fitting(own, allowed)}
    return [each for each in lyrics if each.submitter_id is None or each.id in taken]


def shares(lyrics: Sequence[Lyrics]) -> dict[int | None, float]:
    """Whose characters these are, in parts of 1; None stands for what was imported."""
    sizes = Counter[int | None]()
    for each in lyrics:
        sizes[each.submitter_id] += _size(each)
    return {member: size / sizes.total() for member, size in sizes.items()}


def _most_each(sizes: Mapping[int, int], num_imported: int, max_share: float) -> int:
    """The most characters that each member may have, so that they are `max_share` of what is left.

    To hold one back makes the whole smaller and the others' shares larger, so the bound is the
    largest that fits the sum which it leads to. Between few members it is an equal part.
    """
    share = max(max_share, 1 / (len(sizes) + bool(num_imported)))
    low, high = 0, max(sizes.values())
    while low < high:
        bound = (low + high + 1) // 2
        whole = num_imported + sum(min(size, bound) for size in sizes.values())
        if bound <= share * whole + 1e-6:
            low = bound
        else:
            high = bound - 1
    return low


def _fitting(lyrics: Sequence[Lyrics], num_characters: int) -> list[Lyrics]:
    """The oldest that fit together."""
    taken, left = [], num_characters
    for each in lyrics:
        if _size(each) <= left:
            taken.append(each)
            left -= _size(each)
    return taken or [min(lyrics, key=_size)]


def _size(lyrics: Lyrics) -> int:
    """Characters, or the bytes of a beat's notes."""
    return len(lyrics.text) if lyrics.midi is None else len(lyrics.midi)
