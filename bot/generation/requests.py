"""What is asked of generation and what it gives back."""

from dataclasses import dataclass

from model.sampling import SamplingParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class VerseRequest:
    """`context` is text before the seed (for going on with a verse); without `rng_seed` one is
    drawn.
    """

    user_id: int
    artist: str
    seed: str
    lines: int
    sampling: SamplingParameters
    rng_seed: int | None = None
    context: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedVerse:
    """A verse that opens with `seed`, and all that is needed to write it again."""

    text: str
    artist: str
    seed: str
    lines: int
    checkpoint: str
    rng_seed: int
    sampling: SamplingParameters
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class Waiting:
    """`position` 1 is next in line, 0 is being written; `estimate_s` until the verse is there."""

    position: int
    estimate_s: float
