"""Folders of MIDI files as pieces: styles by folder, splits by name, and errors that help."""

from pathlib import Path

import pytest

from model.beats.piece import Piece, read_pieces, split_pieces
from model.corpus.readers import Refusal
from model.errors import CorpusError
from model.midi import write_midi
from tests.factories import march


def _write(folder: Path, style: str, *names: str) -> None:
    (folder / style).mkdir()
    for number, name in enumerate(names):
        (folder / style / name).write_bytes(write_midi(march(number)))


def test_a_folder_is_a_style_and_a_file_is_a_piece(tmp_path: Path) -> None:
    _write(tmp_path, "march", "b.mid", "a.MIDI", "readme.txt")
    _write(tmp_path, "waltz", "a.mid")
    pieces = [each for each in read_pieces(tmp_path) if isinstance(each, Piece)]
    assert [(each.style, each.name) for each in pieces] == [
        ("march", "a"),
        ("march", "b"),
        ("waltz", "a"),
    ]


def test_a_file_that_is_no_music_is_left_out_with_its_reason(tmp_path: Path) -> None:
    _write(tmp_path, "march", "a.mid")
    (tmp_path / "march" / "b.mid").write_text("no music", encoding="utf-8")
    piece, refusal = read_pieces(tmp_path)
    assert isinstance(piece, Piece)
    assert isinstance(refusal, Refusal)
    assert "not a MIDI file" in refusal.reason


@pytest.mark.parametrize("place", ["missing", "."])
def test_a_folder_without_styles_says_how_to_lay_them_out(tmp_path: Path, place: str) -> None:
    (tmp_path / "loose.mid").write_bytes(write_midi(march(0)))
    with pytest.raises(CorpusError, match=r"folder of MIDI files a style|as in .*boombap/first"):
        list(read_pieces(tmp_path / place))


def test_a_piece_is_in_one_split_whatever_else_is_there() -> None:
    pieces = [Piece("march", f"piece {number}", march(number)) for number in range(80)]
    splits = split_pieces(pieces)
    assert sum(map(len, splits)) == 80
    assert all(splits)
    alone = split_pieces(splits.test[:1])
    assert alone.test == splits.test[:1]
