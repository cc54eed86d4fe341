"""A piano roll: which of a piano's 88 keys sound at each time step."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

NUM_KEYS = 88
LOWEST_PITCH = 21  # MIDI's number of key 0, A0


@dataclass(frozen=True, slots=True)
class Span:
    """A key that sounds from `start` up to, not including, `end`."""

    key: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, eq=False)
class PianoRoll:
    """Frames (time, NUM_KEYS), bool: which keys sound at each step. A beat is a quarter note.

    Keys that sound in neighbouring frames are held over, not struck again. Raises ValueError when
    the frames have another shape or a number is below 1.
    """

    frames: NDArray[np.bool_]
    steps_per_beat: int = 4
    beats_per_bar: int = 4
    tempo: float = 90.0  # beats per minute

    def __post_init__(self) -> None:
        if self.frames.ndim != 2 or self.frames.shape[1] != NUM_KEYS:
            raise ValueError(f"frames must be (time, {NUM_KEYS}), not {self.frames.shape}.")
        if self.frames.dtype != np.bool_:
            raise ValueError(f"frames must be bool, not {self.frames.dtype}.")
        if min(self.steps_per_beat, self.beats_per_bar, self.tempo) < 1:
            raise ValueError("steps_per_beat, beats_per_bar and tempo must be at least 1.")

    def __len__(self) -> int:
        return len(self.frames)

    @property
    def steps_per_bar(self) -> int:
        return self.steps_per_beat * self.beats_per_bar

    @property
    def seconds(self) -> float:
        """How long it plays."""
        return len(self) / self.steps_per_beat * 60 / self.tempo

    @property
    def spans(self) -> list[Span]:
        """Every stretch of steps through which a key sounds, by key, then by time."""
        changes = np.diff(np.pad(self.frames.astype(np.int8), ((1, 1), (0, 0))), axis=0).T
        keys, starts = np.nonzero(changes == 1)
        _, ends = np.nonzero(changes == -1)  # a key's starts and ends take turns
        return list(map(Span, keys.tolist(), starts.tolist(), ends.tolist()))

    @property
    def chords(self) -> tuple[int, ...]:
        """Each frame as one number: bit k says that key k sounds."""
        return tuple(chord_of(np.flatnonzero(frame).tolist()) for frame in self.frames)

    @classmethod
    def of_chords(
        cls,
        chords: Sequence[int],
        *,
        steps_per_beat: int = 4,
        beats_per_bar: int = 4,
        tempo: float = 90.0,
    ) -> Self:
        """The roll whose `chords` these are."""
        frames = np.zeros((len(chords), NUM_KEYS), dtype=np.bool_)
        for frame, chord in zip(frames, chords, strict=True):
            frame[keys_of(chord)] = True
        return cls(frames, steps_per_beat, beats_per_bar, tempo)


def chord_of(keys: Iterable[int]) -> int:
    """Keys, each in [0, NUM_KEYS), as one number."""
    return sum(1 << key for key in set(keys))


def keys_of(chord: int) -> list[int]:
    """The keys of a chord, lowest first."""
    return [key for key in range(NUM_KEYS) if chord >> key & 1]
