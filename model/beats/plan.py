"""What is asked of a writer of beats, and what it gives back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from model.beats.centring import shift_to_centre
from model.beats.checkpoint import BeatCheckpoint
from model.engine import FrameLimits, FrameRequest
from model.engine.sequence import FinishReason
from model.midi import NUM_KEYS, PianoRoll

MAX_BARS = 32
MAX_PRIME_BARS = 8

_SHIFTS = (-6, 5)  # semitones, so that all keys are as likely


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatPlan:
    """One beat to write in the style of row `style`: `num_bars` bars after those of the prime.

    `prime` is what it goes on from, chord by chord (see `PianoRoll.chords`); it opens the beat.
    Where it ends within a bar, the first of the new bars is the rest of that one. The model writes
    in the key that it knows; the beat is `shift` semitones higher, and so is the prime. Raises
    ValueError with one sentence when a value is impossible.
    """

    style: int
    num_bars: int
    rng_seed: int
    tempo: float
    beats_per_bar: int
    steps_per_beat: int
    limits: FrameLimits
    temperature: float = 1.0
    prime: tuple[int, ...] = ()
    shift: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.num_bars <= MAX_BARS:
            raise ValueError(f"num_bars must lie between 1 and {MAX_BARS}, not {self.num_bars}.")
        if len(self.prime) > MAX_PRIME_BARS * self.steps_per_bar:
            raise ValueError(f"The prime must have at most {MAX_PRIME_BARS} bars.")
        if self.tempo <= 0:
            raise ValueError(f"tempo must be above 0, not {self.tempo}.")

    @property
    def steps_per_bar(self) -> int:
        return self.steps_per_beat * self.beats_per_bar

    @property
    def request(self) -> FrameRequest:
        """As the engine wants it."""
        begun = len(self.prime) % self.steps_per_bar
        return FrameRequest(
            prompt=(0, *(_moved(chord, -self.shift) for chord in self.prime)),
            artist=self.style,
            rng_seed=self.rng_seed,
            max_tokens=self.num_bars * self.steps_per_bar - begun,
            temperature=self.temperature,
            steps_per_bar=self.steps_per_bar,
            limits=self.limits,
        )

    def roll_of(self, chords: tuple[int, ...]) -> PianoRoll:
        """The whole beat: the prime and the `chords` written after it, as the model knows them."""
        return PianoRoll.of_chords(
            (*self.prime, *(_moved(chord, self.shift) for chord in chords)),
            steps_per_beat=self.steps_per_beat,
            beats_per_bar=self.beats_per_bar,
            tempo=self.tempo,
        )


@dataclass(frozen=True, slots=True, eq=False)
class WrittenBeat:
    """`roll` opens with the prime, of `num_prime_steps`.

    reason: 'length', all bars are there; 'aborted' and 'failed' as of a sequence, with no roll.
    """

    roll: PianoRoll | None
    num_prime_steps: int
    reason: FinishReason
    error: str | None = None


def plan_beat(
    checkpoint: BeatCheckpoint,
    style: str,
    num_bars: int,
    rng_seed: int,
    *,
    tempo: float | None = None,
    temperature: float | None = None,
    prime: PianoRoll | None = None,
) -> BeatPlan:
    """A beat as is usual in its style. Raises KeyError for a style that the checkpoint lacks, and
    ValueError for impossible values.

    It is in a key that follows from `rng_seed`, or in that of its prime. Of a prime only the last
    `MAX_PRIME_BARS` bars are taken; it must have been read at the steps of the checkpoint. Keys
    that it uses may sound even where the style has none so high or low.
    """
    row = checkpoint.row_of(style)
    usual = checkpoint.styles[row]
    steps_per_bar = usual.beats_per_bar * checkpoint.steps_per_beat
    chords: tuple[int, ...] = ()
    limits = usual.limits
    shift = Random(rng_seed).randint(*_SHIFTS)
    if prime is not None:
        prime = _end_of(prime, steps_per_bar)
        chords = prime.chords
        shift = -shift_to_centre(prime)
        limits = _widened(limits, [_moved(chord, -shift) for chord in chords])
    return BeatPlan(
        style=row,
        num_bars=num_bars,
        rng_seed=rng_seed,
        tempo=usual.tempo if tempo is None else tempo,
        beats_per_bar=usual.beats_per_bar,
        steps_per_beat=checkpoint.steps_per_beat,
        limits=_on_the_keyboard(limits, shift),
        temperature=usual.temperature if temperature is None else temperature,
        prime=chords,
        shift=shift,
    )


def _end_of(prime: PianoRoll, steps_per_bar: int) -> PianoRoll:
    """The bar that has begun, and the whole ones before it. Nothing else is looked at, not for the
    key either: so the same beat can be written again from what was kept.
    """
    num_kept = len(prime) % steps_per_bar + (MAX_PRIME_BARS - 1) * steps_per_bar
    return replace(prime, frames=prime.frames[-num_kept:])


def _moved(chord: int, semitones: int) -> int:
    return chord << semitones if semitones >= 0 else chord >> -semitones


def _on_the_keyboard(limits: FrameLimits, shift: int) -> FrameLimits:
    """Without the keys that would leave it once they are moved."""
    return replace(
        limits,
        lowest_key=max(limits.lowest_key, -shift),
        highest_key=min(limits.highest_key, NUM_KEYS - 1 - shift),
    )


def _widened(limits: FrameLimits, chords: Sequence[int]) -> FrameLimits:
    used = 0
    for chord in chords:
        used |= chord
    if not used:
        return limits
    lowest, highest = (used & -used).bit_length() - 1, used.bit_length() - 1
    return replace(
        limits,
        lowest_key=min(limits.lowest_key, lowest),
        highest_key=max(limits.highest_key, highest),
    )
