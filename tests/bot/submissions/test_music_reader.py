"""A member's MIDI file becomes notes alone, compared in any key; what is no piece is refused."""

from dataclasses import replace
from io import BytesIO

import mido
import numpy as np
import pytest

from bot.config import SubmissionConfig
from bot.errors import BadMusic
from bot.rendering.renderer import Renderer
from bot.store import GuildSettings, StoredPiece
from bot.submissions.music_reader import MusicReader
from bot.submissions.readers import Prepared
from bot.submissions.similarity import share_in_common
from model.midi import PianoRoll, read_midi, write_midi
from tests.bot.submissions.pieces import midi, piece

LIMITS = SubmissionConfig(min_bars=4, max_bars=64)
READER = MusicReader(LIMITS, Renderer())


async def prepared(data: bytes) -> Prepared:
    return await READER.prepare(data, GuildSettings(guild_id=1))


async def kinds(roll: PianoRoll) -> list[str]:
    found = await prepared(write_midi(roll))
    return [flag.kind for flag in found.findings.flags]


async def test_nothing_but_the_notes_of_a_file_is_kept() -> None:
    file = mido.MidiFile(file=BytesIO(midi(1)))
    words = [mido.MetaMessage(kind, text="call me") for kind in ("text", "lyrics", "copyright")]
    file.tracks[0][:0] = [*words, mido.Message("sysex", data=(1, 2, 3))]
    file.tracks[0].insert(0, mido.MetaMessage("track_name", name="my phone number"))
    told = BytesIO()
    file.save(file=told)
    found = await prepared(told.getvalue())
    plain = await prepared(midi(1))
    assert found.midi == plain.midi
    assert found.fingerprint == plain.fingerprint
    assert found.text == ""
    kept = read_midi(found.midi or b"")
    assert np.array_equal(kept.frames, piece(1).frames)


async def test_silence_around_a_piece_makes_no_other_piece() -> None:
    roll = piece(1)
    silent_bars = np.zeros((2 * roll.steps_per_bar, 88), dtype=np.bool_)
    padded = replace(roll, frames=np.concatenate([silent_bars, roll.frames, silent_bars]))
    found, plain = await prepared(write_midi(padded)), await prepared(midi(1))
    assert found.fingerprint == plain.fingerprint


async def test_a_piece_is_known_again_in_another_key_and_with_a_few_notes_changed() -> None:
    stored = (await prepared(midi(1, num_bars=16))).midi
    known = READER.runs(StoredPiece(1, 7, "", stored))
    higher = await prepared(midi(1, num_bars=16, higher=5))
    assert share_in_common(higher.runs, known) == 1.0
    changed = piece(1, num_bars=16, higher=5)
    changed.frames[::61, 60] ^= True
    nearly, other = await prepared(write_midi(changed)), await prepared(midi(2, num_bars=16))
    assert 0.5 < share_in_common(nearly.runs, known) < 1.0
    assert share_in_common(other.runs, known) < 0.1


async def test_most_pieces_have_nothing_doubtful() -> None:
    assert [await kinds(piece(seed)) for seed in range(5)] == [[]] * 5


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"la la la\n" * 20, "not a MIDI file"),
        (midi(1)[:-40], "MIDI file"),
        (midi(1, num_bars=3), "3 bars"),
        (midi(1, num_bars=65), "65 bars"),
    ],
)
async def test_what_is_no_piece_gets_its_own_sentence(data: bytes, told: str) -> None:
    with pytest.raises(BadMusic, match=told):
        await prepared(data)


async def test_a_file_that_no_process_could_read_may_be_sent_again() -> None:
    class Hurried(Renderer):
        async def read(self, midi: bytes, steps_per_beat: int) -> None:
            return None

    with pytest.raises(BadMusic, match="Send it once more"):
        await MusicReader(LIMITS, Hurried()).prepare(midi(1), GuildSettings(guild_id=1))


async def test_a_few_notes_one_note_one_bar_and_noise_are_no_pieces() -> None:
    few, one, noise = (np.zeros((128, 88), dtype=np.bool_) for _ in range(3))
    few[::16, 40] = few[4::16, 43] = few[127, 45] = True
    few[8:112] = False
    one[::2, [40, 52]] = True
    noise[:] = np.random.default_rng(1).random((128, 88)) < 0.5
    bar = piece(1, num_bars=1).frames
    for frames, told in (
        (few, "notes"),
        (one, "two different"),
        (noise, "noise"),
        (np.tile(bar, (16, 1)), "one and the same"),
    ):
        with pytest.raises(BadMusic, match=told):
            await prepared(write_midi(PianoRoll(frames)))


async def test_doubts_name_the_bars() -> None:
    roll = piece(1, num_bars=10)
    roll.frames[16:160] = np.tile(roll.frames[:16], (9, 1))
    roll.frames[96:160] = piece(2, num_bars=4).frames
    roll.frames[100, 30:50] = True
    found = await prepared(write_midi(roll))
    flags = {each.kind: each.lines for each in found.findings.flags}
    assert flags == {"repeated_bar": (1, 2, 3, 4, 5, 6), "crowded": (7,)}
    assert await kinds(piece(1, beats_per_bar=5)) == ["odd_bars"]
    sparse = np.zeros((160, 88), dtype=np.bool_)
    sparse[::4] = piece(3, num_bars=10).frames[::4]
    assert await kinds(PianoRoll(sparse)) == ["sparse"]
