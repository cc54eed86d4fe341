"""What the engine is asked for and what it answers: token ids in, token ids out."""

import math
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from torch import Tensor

from model.network.state import RecurrentState
from model.sampling import SamplingParameters
from model.sampling.parameters import MAX_TEMPERATURE

FinishReason = Literal["lines", "length", "aborted", "failed"]

Voice = int | tuple[tuple[int, float], ...]
"""An artist, or several as (artist, weight) pairs; only the proportions of the weights matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """How far a prompt has been read: `state`, of one row, is the network's after `num_read` of its
    tokens.
    """

    state: RecurrentState
    num_read: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SequenceRequest:
    """What every kind of sequence is asked for with. Raises ValueError with one sentence when a
    value is impossible.

    `prompt` is what comes before, and is never empty; `max_tokens` bounds what is generated.
    """

    prompt: tuple[int, ...]
    artist: Voice
    rng_seed: int
    max_tokens: int

    def __post_init__(self) -> None:
        if not self.prompt:
            raise ValueError("The prompt must hold at least what starts a song.")
        if self.max_tokens < 1:
            raise ValueError("max_tokens must be at least 1.")
        if not 0 <= self.rng_seed < 1 << 63:
            raise ValueError(f"rng_seed must lie between 0 and 2**63 - 1, not {self.rng_seed}.")
        if not isinstance(self.artist, int):
            _check_blend(self.artist)

    @property
    def artist_weights(self) -> dict[int, float]:
        """Those of `artist`."""
        return artist_weights(self.artist)


Request = TypeVar("Request", bound=SequenceRequest)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GenerationRequest(SequenceRequest):
    """One verse to write.

    `prompt` begins with the token that starts a song; that token is never generated. Lines are
    counted from the prompt's last, unfinished line on, so a seed belongs to line one. `max_tokens`
    bounds the generated tokens. `forbid_first` (vocab_size,), bool: tokens not allowed right after
    the prompt. With `start` the beginning of the prompt is not read again. `paths`, edges of
    `build_paths`: what is generated keeps to them.
    """

    sampling: SamplingParameters
    max_lines: int
    forbid_first: Tensor | None = None
    start: Reading | None = None
    paths: Tensor | None = None

    def __post_init__(self) -> None:
        SequenceRequest.__post_init__(self)
        if self.max_lines < 1:
            raise ValueError("max_lines must be at least 1.")
        if self.start is not None and not 0 <= self.start.num_read < len(self.prompt):
            raise ValueError("At least the last token of the prompt must be left to read.")

    @property
    def is_plain(self) -> bool:
        """Whether its tokens are drawn by the usual parameters alone."""
        return self.sampling.is_plain and self.paths is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameLimits:
    """What every frame that is drawn keeps to. Raises ValueError when a value is impossible.

    Only keys from `lowest_key` to `highest_key` sound, at most `max_keys` at once, none for longer
    than `max_held` frames on end. Counted from the first bar on, frames change only every
    `steps_per_change` frames. With `loop_steps` above 0 a piece leans towards what it was so many
    frames ago: the log-odds of every key that sounded then are higher by `loop_weight`, those of
    the others somewhat lower.
    """

    lowest_key: int = 0
    highest_key: int = 87
    max_keys: int = 8
    max_held: int = 32
    steps_per_change: int = 1
    loop_steps: int = 0
    loop_weight: float = 0.0

    def __post_init__(self) -> None:
        if min(self.loop_steps, self.loop_weight) < 0:
            raise ValueError("loop_steps and loop_weight must be at least 0.")
        if not 0 <= self.lowest_key <= self.highest_key:
            raise ValueError("lowest_key must be at least 0 and at most highest_key.")
        if min(self.max_keys, self.max_held, self.steps_per_change) < 1:
            raise ValueError("max_keys, max_held and steps_per_change must be at least 1.")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FrameRequest(SequenceRequest):
    """One piano roll to write, a frame at a time: its tokens are chords, see `PianoRoll.chords`.

    The prompt begins with the silence before the first bar; a bar has `steps_per_bar` frames. The
    higher the `temperature`, the bolder.
    """

    temperature: float = 1.0
    steps_per_bar: int = 16
    limits: FrameLimits = FrameLimits()

    def __post_init__(self) -> None:
        SequenceRequest.__post_init__(self)
        if not 0 < self.temperature <= MAX_TEMPERATURE:
            raise ValueError(
                f"temperature must lie above 0 and at most at {MAX_TEMPERATURE:g}, "
                f"not {self.temperature}."
            )
        if self.steps_per_bar < 1:
            raise ValueError("steps_per_bar must be at least 1.")


def artist_weights(voice: Voice) -> dict[int, float]:
    """The share of each artist in a voice, by artist: the same whatever the pairs' order."""
    pairs = ((voice, 1.0),) if isinstance(voice, int) else voice
    total = math.fsum(weight for _, weight in pairs)
    return {artist: weight / total for artist, weight in sorted(pairs)}


def _check_blend(blend: tuple[tuple[int, float], ...]) -> None:
    artists, weights = [artist for artist, _ in blend], [weight for _, weight in blend]
    if not blend:
        raise ValueError("A blend must name at least one artist.")
    if len(set(artists)) < len(artists):
        raise ValueError("A blend must name each artist once.")
    if not (all(weight > 0 for weight in weights) and math.isfinite(sum(weights))):
        raise ValueError(f"The weights of a blend must be above 0 and finite, not {weights}.")


@dataclass(frozen=True, slots=True)
class Sequence(Generic[Request]):
    """A request under its number."""

    sequence_id: int
    request: Request


@dataclass(frozen=True, slots=True, eq=False)
class FinishedSequence:
    """The generated tokens, without the prompt, and the logarithm of what the model gave to each of
    them, before temperature and masks. `state`, of one row, is the network's when all but the last
    token are read; another request can go on from there.

    reason: 'lines', all lines are there and the last token is a newline; 'length', `max_tokens` cut
    the verse; 'aborted', on demand; 'failed', memory did not suffice for this sequence alone
    (`error` says so).
    """

    sequence_id: int
    tokens: tuple[int, ...]
    reason: FinishReason
    error: str | None = None
    log_probabilities: tuple[float, ...] = ()
    state: RecurrentState | None = None
