"""Chords as people type them, to keys: "Am F C G", "C7 | F7", or one chord by notes, "C E G"."""

import re
from collections.abc import Iterator

from bot.errors import BadPrime
from bot.locale import N_
from model.midi import LOWEST_PITCH

MAX_CHORDS = 8
_MAX_NOTES = 10
_MAX_TOLD = 40  # characters of what cannot be read

_NOTES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SIGNS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}
_KINDS = {
    "": (0, 4, 7),
    "maj": (0, 4, 7),
    "m": (0, 3, 7),
    "min": (0, 3, 7),
    "5": (0, 7),
    "6": (0, 4, 7, 9),
    "m6": (0, 3, 7, 9),
    "7": (0, 4, 7, 10),
    "maj7": (0, 4, 7, 11),
    "M7": (0, 4, 7, 11),
    "m7": (0, 3, 7, 10),
    "min7": (0, 3, 7, 10),
    "m7b5": (0, 3, 6, 10),
    "9": (0, 4, 7, 10, 14),
    "add9": (0, 4, 7, 14),
    "m9": (0, 3, 7, 10, 14),
    "dim": (0, 3, 6),
    "dim7": (0, 3, 6, 9),
    "aug": (0, 4, 8),
    "+": (0, 4, 8),
    "sus2": (0, 2, 7),
    "sus4": (0, 5, 7),
}
_NOTE = re.compile(r"([A-Ga-g])([#♯b♭]?)")
_CHORD = re.compile(rf"{_NOTE.pattern}([^/]*)(?:/{_NOTE.pattern})?")
_BASS, _MIDDLE, _TOP = 36, 60, 96  # MIDI's C2, C4 and C7


def read_chords(text: str) -> list[frozenset[int]]:
    """The keys of each chord. Several bare notes with no bar line between them are one chord, from
    the lowest up; everything else is a chord each. Raises BadPrime.
    """
    chords = [chord for bar in text.split("|") for chord in _chords_of(bar)]
    if not chords:
        raise _unreadable(text)
    if len(chords) > MAX_CHORDS:
        raise BadPrime(
            N_("A beat goes on from {limit} chords at most. Give me fewer."), limit=MAX_CHORDS
        )
    return chords


def _chords_of(bar: str) -> Iterator[frozenset[int]]:
    names = [name for name in re.split(r"[\s,，]+", bar) if name]
    notes = [_NOTE.fullmatch(name) for name in names]
    bare = [note for note in notes if note is not None]
    if len(bare) == len(names) and 1 < len(bare) <= _MAX_NOTES:
        yield _stacked([_pitch_class(*note.groups()) for note in bare])
        return
    for name in names:
        yield _chord(name)


def _stacked(pitch_classes: list[int]) -> frozenset[int]:
    """Each note above the one before."""
    pitches = [_MIDDLE - 12 + pitch_classes[0]]
    for pitch_class in pitch_classes[1:]:
        above = pitches[-1] + 1
        pitches.append(above + (pitch_class - above) % 12)
    return _keys(pitches)


def _chord(name: str) -> frozenset[int]:
    """Its root, or the note after a slash, in the bass, and the whole of it above."""
    match = _CHORD.fullmatch(name)
    kind = _KINDS.get(match[3]) if match else None
    if match is None or kind is None:
        raise _unreadable(name)
    root = _pitch_class(match[1], match[2])
    bass = _pitch_class(match[4], match[5]) if match[4] else root
    return _keys([_BASS + bass, *(_MIDDLE + root + interval for interval in kind)])


def _pitch_class(letter: str, sign: str) -> int:
    return (_NOTES[letter.upper()] + _SIGNS[sign]) % 12


def _keys(pitches: list[int]) -> frozenset[int]:
    return frozenset(
        (pitch if pitch < _TOP else _TOP - 12 + pitch % 12) - LOWEST_PITCH for pitch in pitches
    )


def _unreadable(text: str) -> BadPrime:
    return BadPrime(
        N_("I cannot read {text} as chords. Give me notes like C E G, or chords like Am F C G."),
        text=text.strip()[:_MAX_TOLD] or "…",
    )
