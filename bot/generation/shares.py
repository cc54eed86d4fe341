"""Who gets how much: tries at each line for a verse, and verses for a version on trial."""

from zlib import crc32

_FEWEST_CANDIDATES = 2


def is_drawn(draw: int | None, share: float) -> bool:
    """The same for the same number, and true for that share of all numbers."""
    return draw is not None and crc32(str(draw).encode()) < share * 2**32


def most_at_once(num_slots: int, max_candidates: int) -> int:
    """How many verses are written at once, at most."""
    return max(1, num_slots // min(_FEWEST_CANDIDATES, max_candidates))


def candidates_for(num_verses: int, num_slots: int, most: int) -> int:
    """Tries at each line when so many verses are written or wait: at least two, to choose from."""
    return min(most, max(_FEWEST_CANDIDATES, num_slots // max(1, num_verses)), num_slots)
