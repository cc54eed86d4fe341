"""What is asked of generation and what it gives back."""

from collections.abc import Callable
from dataclasses import dataclass

from model.midi import PianoRoll
from model.sampling import SamplingParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """A second artist, who has `share` per cent of the voice. Raises ValueError unless 1 to 99.

    In a VerseRequest and a GeneratedVerse `artist` is a voice.
    """

    artist: str
    share: int

    def __post_init__(self) -> None:
        if not 1 <= self.share <= 99:
            raise ValueError(f"share must lie between 1 and 99 per cent, not {self.share}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class VerseRequest:
    """`artist` is a voice. `context` is text before the seed (for going on with a verse); without
    `rng_seed` one is drawn, and without `scheme` the verse rhymes as the artist does. `scheme` is
    FREE or has a letter for each line. A verse has no line that `may_stand` refuses; any thread
    asks it. By `draw` it is drawn whether a version on trial writes it; without, none does.
    """

    user_id: int
    artist: str
    seed: str
    lines: int
    sampling: SamplingParameters
    rng_seed: int | None = None
    context: str = ""
    scheme: str | None = None
    mix: Mix | None = None
    may_stand: Callable[[str], bool] | None = None
    draw: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedVerse:
    """A verse that opens with `seed`, and all that is needed to write it again.

    `artist` is a voice, and `num_candidates` is how many tries there were at each line.
    """

    text: str
    artist: str
    seed: str
    lines: int
    checkpoint: str
    rng_seed: int
    sampling: SamplingParameters
    elapsed_s: float
    scheme: str
    num_candidates: int
    mix: Mix | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatRequest:
    """`bars` new bars in a style, after those of `prime`, which is at the steps of the checkpoint.

    Without `tempo` it is as fast as is usual in the style. Without `temperature` that of the
    configuration holds, and without `rng_seed` one is drawn.
    """

    user_id: int
    style: str
    bars: int
    tempo: float | None = None
    temperature: float | None = None
    prime: PianoRoll | None = None
    rng_seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneratedBeat:
    """A beat, and all that is needed to write it again: `roll` opens with the prime, which has
    `num_prime_steps`, and has `bars` new bars after it.
    """

    roll: PianoRoll
    style: str
    bars: int
    tempo: float
    num_prime_steps: int
    rng_seed: int
    checkpoint: str
    elapsed_s: float
    temperature: float = 1.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """`position` 1 is next in line, 0 is being written; `estimate_s` until the verse is there."""

    position: int
    estimate_s: float
