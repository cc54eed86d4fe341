"""Beats that a member hands in: from a stranger's MIDI file to the one that may be stored."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from bot.config import SubmissionConfig
from bot.errors import BadMusic
from bot.locale import N_
from bot.rendering.renderer import Renderer
from bot.store import MAX_MIDI_BYTES, GuildSettings
from bot.submissions.findings import Findings
from bot.submissions.languages import NO_LANGUAGE
from bot.submissions.music_quality import examine
from bot.submissions.readers import Piece, Prepared
from bot.submissions.similarity import runs_of
from model.copyguard.runs import Hashes
from model.copyguard.words import hash_word
from model.errors import MidiError
from model.midi import PianoRoll, read_midi, write_midi

STEPS_PER_BEAT = 4
"""At which files are read and kept; what learns from them may read them at others."""

RUN = 8
"""Chords in a run. Shorter ones are turns that many pieces share."""


class MusicReader:
    """What is stored is written anew from the notes: nothing else of the file is kept."""

    def __init__(self, limits: SubmissionConfig, renderer: Renderer) -> None:
        self._limits = limits
        self._renderer = renderer

    async def prepare(self, content: str | bytes, settings: GuildSettings) -> Prepared:
        """Raises BadMusic."""
        data = content.encode() if isinstance(content, str) else content
        try:
            roll = await self._renderer.read(data, STEPS_PER_BEAT)
        except MidiError as error:
            raise BadMusic(str(error.sentence), **error.values) from error
        if roll is None:
            raise BadMusic(N_("I could not read that file this time. Send it once more."))
        return await asyncio.to_thread(self._prepared, trimmed(roll))

    def runs(self, piece: Piece) -> Hashes:
        return _runs(read_midi(piece.midi or b"", steps_per_beat=STEPS_PER_BEAT))

    def lines_in_common(self, piece: Piece, other: Piece) -> Sequence[str]:
        return ()

    def _prepared(self, roll: PianoRoll) -> Prepared:
        flags = examine(roll, self._limits)
        midi = write_midi(roll)
        if len(midi) > MAX_MIDI_BYTES:
            raise BadMusic(N_("This piece has more notes than I can keep. Send a part of it."))
        return Prepared(
            fingerprint=hashlib.sha256(midi).hexdigest(),
            language=NO_LANGUAGE,
            findings=Findings(language=NO_LANGUAGE, flags=flags),
            runs=_runs(roll),
            midi=midi,
        )


def trimmed(roll: PianoRoll) -> PianoRoll:
    """Without silent bars before the first note, and without silence after the last."""
    sounding = np.flatnonzero(roll.frames.any(axis=1))
    first, last = int(sounding[0]), int(sounding[-1])
    first -= first % roll.steps_per_bar
    return replace(roll, frames=roll.frames[first : last + 1])


def chords_in_order(roll: PianoRoll) -> list[str]:
    """Every chord by its shape, how long it lasts, and how far its lowest key is from the one
    before: the same in any key.
    """
    words, previous, place = [], 0, 0
    chords = roll.chords
    while place < len(chords):
        chord, start = chords[place], place
        while place < len(chords) and chords[place] == chord:
            place += 1
        if chord:
            lowest = (chord & -chord).bit_length() - 1
            words.append(f"{lowest - previous} {chord >> lowest:x} {place - start}")
            previous = lowest
    return words


def _runs(roll: PianoRoll) -> Hashes:
    """The first chord has none before it, so its word is left out."""
    words = [hash_word(word) for word in chords_in_order(roll)[1:]]
    return runs_of(np.array(words, np.uint64), RUN)
