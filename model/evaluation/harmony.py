"""Which notes a piece of music is made of: their spread over pitch classes, and their key."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.midi import LOWEST_PITCH, NUM_KEYS, PianoRoll

# How well each pitch class fits a key, from its tonic up, as listeners judged: the probe-tone
# profiles of Krumhansl & Kessler 1982, "Tracing the dynamic changes in perceived tonal
# organization in a spatial representation of musical keys", Psychological Review 89.
_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)
_SCALES = {True: (0, 2, 4, 5, 7, 9, 11), False: (0, 2, 3, 5, 7, 8, 10, 11)}
_CLASSES = (np.arange(NUM_KEYS) + LOWEST_PITCH) % 12


class Key(NamedTuple):
    """A tonic's pitch class (0 is C), and whether it is major."""

    tonic: int
    is_major: bool

    @property
    def classes(self) -> list[int]:
        """Of its scale; a minor key has both sevenths."""
        return [(self.tonic + step) % 12 for step in _SCALES[self.is_major]]


def pitch_class_entropy(roll: PianoRoll) -> float:
    """Of the notes that are struck, in bits: 0 where all are one class, log2(12) = 3.58 at most.

    As `pitch_class_entropy` of MusPy, Dong et al. 2020, "MusPy: A Toolkit for Symbolic Music
    Generation"; after Wu & Yang 2020, "The Jazz Transformer on the Front Line". 0 for silence.
    """
    counts = np.bincount(_CLASSES, weights=onsets(roll).sum(axis=0), minlength=12)
    shares = counts[counts > 0] / max(1.0, counts.sum())
    return float(-(shares * np.log2(shares)).sum()) + 0.0


def find_key(roll: PianoRoll) -> Key:
    """The key whose profile correlates best with how long each pitch class sounds.

    The algorithm of Krumhansl & Schmuckler in Krumhansl 1990, "Cognitive Foundations of Musical
    Pitch".
    """
    lengths = _lengths(roll)
    fits = {
        Key(tonic, is_major): _correlation(lengths, np.roll(profile, tonic))
        for is_major, profile in ((True, _MAJOR), (False, _MINOR))
        for tonic in range(12)
    }
    return max(fits, key=fits.__getitem__)


def share_in_key(roll: PianoRoll) -> float:
    """How much of what sounds belongs to the scale of `find_key`, by length; 1 for silence.

    `pitch_in_scale_rate` of MusPy with the key found by the profiles, not tried for the best rate.
    """
    lengths = _lengths(roll)
    if not lengths.any():
        return 1.0
    return float(lengths[find_key(roll).classes].sum() / lengths.sum())


def onsets(roll: PianoRoll) -> NDArray[np.bool_]:
    """Like the frames: where a key begins to sound."""
    before = np.pad(roll.frames[:-1], ((1, 0), (0, 0)))
    starts: NDArray[np.bool_] = roll.frames & ~before
    return starts


def _lengths(roll: PianoRoll) -> NDArray[np.float64]:
    """For how many steps each pitch class sounds, over all octaves."""
    sounding = roll.frames.sum(axis=0).astype(np.float64)
    return np.asarray(np.bincount(_CLASSES, sounding, minlength=12), dtype=np.float64)


def _correlation(lengths: NDArray[np.float64], profile: NDArray[np.float64]) -> float:
    if lengths.std() == 0:
        return 0.0
    return float(np.corrcoef(lengths, profile)[0, 1])
