"""Every stretch of a sounding key is one note, and the outer parts are found."""

from hypothesis import given
from hypothesis import strategies as st

from model.midi.roll import NUM_KEYS, PianoRoll, Span
from model.midi.voices import Part, notes_of

CHORDS = st.lists(st.sets(st.integers(0, NUM_KEYS - 1), max_size=6), max_size=24)


def roll_of(*chords: set[int]) -> PianoRoll:
    return PianoRoll.of_chords([sum(1 << key for key in chord) for chord in chords])


def parts(roll: PianoRoll) -> dict[int, Part]:
    return {note.key: note.part for note in notes_of(roll)}


@given(CHORDS)
def test_the_notes_are_the_spans_of_the_roll(chords: list[set[int]]) -> None:
    roll = roll_of(*chords)
    notes = [Span(note.key, note.start, note.end) for note in notes_of(roll)]
    assert notes == roll.spans


def test_the_outer_keys_of_a_chord_are_melody_and_bass() -> None:
    found = parts(roll_of({10, 30, 40, 50}))
    assert found == {10: Part.BASS, 30: Part.INNER, 40: Part.INNER, 50: Part.MELODY}


def test_a_line_alone_is_a_melody() -> None:
    assert set(parts(roll_of({5}, {6}, {7})).values()) == {Part.MELODY}


def test_a_hand_that_plays_alone_keeps_its_part() -> None:
    found = parts(roll_of({10, 50}, {11, 51}, {12}, {52}, {13}))
    assert {key for key, part in found.items() if part is Part.BASS} == {10, 11, 12, 13}


def test_the_lower_of_two_in_the_right_hand_is_no_bass() -> None:
    found = parts(roll_of({10, 50}, {11, 51}, {12, 52}, {48, 53}))
    assert found[48] is Part.INNER
    assert found[53] is Part.MELODY


def test_a_note_has_the_part_of_most_of_its_steps() -> None:
    held = roll_of({10, 30, 40}, {10, 30, 40}, {10, 30, 40, 60})
    assert parts(held)[40] is Part.MELODY
