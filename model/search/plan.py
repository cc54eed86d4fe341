"""What a search is asked for and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass

from model.craft import Habits
from model.engine.sequence import FinishReason, Voice
from model.evaluation.scheme import FREE
from model.sampling import SamplingParameters

DEFAULT_CANDIDATES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class VersePlan:
    """One verse to write. Raises ValueError with one sentence when a value is impossible.

    `scheme` names the lines that rhyme by equal letters and is repeated, or is FREE.
    `context` is verse that comes before and is not repeated; its lines count as those of the
    scheme, so that a verse goes on where the last one stopped. `num_candidates` tries are made at
    each line; with the same number, the same `rng_seed` gives the same verse. No line is taken that
    `may_stand` refuses; it is asked of each try, on the thread that searches: quick and pure.
    """

    artist: Voice
    habits: Habits
    seed: str
    lines: int
    sampling: SamplingParameters
    rng_seed: int
    scheme: str = FREE
    context: str = ""
    num_candidates: int = DEFAULT_CANDIDATES
    may_stand: Callable[[str], bool] | None = None

    def __post_init__(self) -> None:
        if self.lines < 1 or self.num_candidates < 1:
            raise ValueError("lines and num_candidates must be at least 1.")
        if "\n" in self.seed:
            raise ValueError("The seed must be a single line.")


@dataclass(frozen=True, slots=True)
class SearchedVerse:
    """`text` opens with the seed as typed. `log_probability`, in nats, is that of the text after
    the seed by the plain model, and `num_characters` is its length, ends of lines included.

    reason: 'lines', all lines are there; 'length', no further line was found that may stand and
    copies nothing;
    'aborted' and 'failed' as of a sequence, with no text.
    """

    text: str
    reason: FinishReason
    log_probability: float = 0.0
    num_characters: int = 0
    error: str | None = None
