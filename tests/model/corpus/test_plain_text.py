"""A plain text is cut into three parts in order, loses nothing, and is refused with a reason."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.plain_text import PlainText, read_plain_text, whole_texts
from model.corpus.song import Song
from model.corpus.split import Split, Splits
from model.errors import CorpusError

LINE = "雨落在旧城的屋檐，我在灯下写你的名\n"
CHINESE = "".join(f"{number} {LINE}" for number in range(200))
ENGLISH = "".join(f"{number} masts by candle light, and sail\n" for number in range(100))
SPLITS = ("train", "validation", "test")


def written(tmp_path: Path, content: str | bytes, name: str = "night_rain.txt") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def whole(plain: PlainText) -> str:
    return plain.train + plain.validation + plain.test


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_chinese_file_is_read_whatever_its_encoding(tmp_path: Path, codec: str) -> None:
    plain = read_plain_text(written(tmp_path, CHINESE.encode(codec)))
    assert whole(plain) == CHINESE
    assert plain.language == "zh"
    assert [note for note in plain.notes if "GB18030" in note] == list(plain.notes)
    assert bool(plain.notes) == (codec == "gb18030")


def test_a_packed_file_is_read(tmp_path: Path) -> None:
    plain = read_plain_text(written(tmp_path, gzip.compress(ENGLISH.encode()), "sea_songs.txt.gz"))
    assert whole(plain) == ENGLISH
    assert (plain.artist, plain.language) == ("sea songs", "en")


@pytest.mark.parametrize("line_end", ["\r\n", "\r"], ids=["windows", "mac"])
def test_line_ends_become_one_kind(tmp_path: Path, line_end: str) -> None:
    plain = read_plain_text(written(tmp_path, ENGLISH.replace("\n", line_end)))
    assert whole(plain) == ENGLISH


def test_nothing_but_line_ends_is_cleaned(tmp_path: Path) -> None:
    text = f"[Chorus]\n  two  spaces\t\u3000e\u0301 \n\n\n\n{ENGLISH}\n\n"
    assert whole(read_plain_text(written(tmp_path, text))) == text


def test_the_parts_are_nine_tenths_and_twice_a_twentieth_at_line_ends(tmp_path: Path) -> None:
    plain = read_plain_text(written(tmp_path, CHINESE))
    shares = [len(part) / len(CHINESE) for part in (plain.train, plain.validation, plain.test)]
    assert shares == pytest.approx([0.9, 0.05, 0.05], abs=0.01)
    assert plain.train.endswith("\n")
    assert plain.validation.endswith("\n")


def test_a_line_that_ends_exactly_at_the_share_ends_the_part(tmp_path: Path) -> None:
    plain = read_plain_text(written(tmp_path, "nine char\n" * 200))
    assert [len(getattr(plain, split)) for split in SPLITS] == [1800, 100, 100]


@given(num_lines=st.integers(20, 80), length=st.integers(0, 200), end=st.sampled_from(["", "\n"]))
def test_every_part_has_text_however_long_the_lines(
    tmp_path_factory: pytest.TempPathFactory, num_lines: int, length: int, end: str
) -> None:
    text = "\n".join(["x" * length] * num_lines).ljust(1000, "y") + end
    plain = read_plain_text(written(tmp_path_factory.mktemp("text"), text))
    assert whole(plain) == text
    assert 0.87 < len(plain.train) / len(text) < 0.93
    assert min(len(plain.validation), len(plain.test)) / len(text) > 0.005


@pytest.mark.parametrize("num_characters", [1000, 1001, 1009, 4321])
def test_the_cut_in_two_is_exact_by_character(tmp_path: Path, num_characters: int) -> None:
    text = CHINESE[:num_characters]
    plain = read_plain_text(written(tmp_path, text), cut="90/10")
    assert plain.train == text[: int(0.9 * len(text))]
    assert plain.validation == text[int(0.9 * len(text)) :]
    assert plain.test == ""
    assert plain.as_songs("test") == []


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("piece_length", [7, 300, 1_000])
def test_songs_of_a_split_are_its_text_in_order(
    tmp_path: Path, split: Split, piece_length: int
) -> None:
    plain = read_plain_text(written(tmp_path, CHINESE), artist="夜雨")
    songs = plain.as_songs(split, piece_length)
    assert "".join(song.text for song in songs) == getattr(plain, split)
    assert all(0 < len(song.text) <= piece_length for song in songs)
    assert len({song.title for song in songs}) == len(songs)
    assert {(song.artist, song.language) for song in songs} == {("夜雨", "zh")}


def test_pieces_end_where_lines_do_and_are_about_as_long_as_asked(tmp_path: Path) -> None:
    pieces = read_plain_text(written(tmp_path, CHINESE)).as_songs("train", 300)
    assert all(piece.text.endswith("\n") for piece in pieces)
    assert all(150 < len(piece.text) <= 300 for piece in pieces[:-1])


def test_one_song_can_hold_a_whole_split(tmp_path: Path) -> None:
    plain = read_plain_text(written(tmp_path, CHINESE))
    assert [song.text for song in plain.as_songs("test", None)] == [plain.test]


def test_all_splits_can_be_had_together(tmp_path: Path) -> None:
    plain = read_plain_text(written(tmp_path, CHINESE))
    splits = plain.as_splits(300).require()
    texts = ["".join(song.text for song in songs) for songs in splits]
    assert texts == [plain.train, plain.validation, plain.test]
    assert splits.train == plain.as_songs("train", 300)


def test_a_few_broken_bytes_are_told_of_and_replaced(tmp_path: Path) -> None:
    plain = read_plain_text(written(tmp_path, CHINESE.encode() + b"\xff\xfe tail\n"))
    assert whole(plain) == CHINESE + "\ufffd\ufffd tail\n"
    assert "2 broken characters" in plain.notes[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b" \n\n\t" * 500, "is empty"),
        (b"\x00\x01\x02\x03" * 500, "no text in UTF-8"),
        (b"\x01\x02abc" * 500, "binary data"),
        (b"too little\n", "too short: it has 11 characters"),
        (LINE.encode() * 60 + b"\xff" * 40, "40 broken characters"),
    ],
    ids=["empty", "blank", "zeros", "controls", "short", "broken"],
)
def test_what_cannot_be_learnt_from_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(CorpusError, match=f"night_rain.*{reason}"):
        read_plain_text(path)


@pytest.mark.parametrize("name", ["", "missing.txt"], ids=["folder", "missing"])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match="cannot be read"):
        read_plain_text(tmp_path / name)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    packed = gzip.compress(ENGLISH.encode())[:-20]
    with pytest.raises(CorpusError, match="cannot be read"):
        read_plain_text(written(tmp_path, packed, "sea.txt.gz"))


@pytest.mark.parametrize("text", [ENGLISH, ENGLISH.replace("\n", " ")])
def test_the_pieces_of_a_text_are_put_together_again(tmp_path: Path, text: str) -> None:
    splits = read_plain_text(written(tmp_path, text)).as_splits()
    assert sum(map(len, splits)) > 3
    assert whole_texts(splits) == [text]


def test_songs_stay_songs() -> None:
    train = [Song("Mara Quill", f"train {number}", f"masts {number}", "en") for number in (1, 2)]
    other = Song("Mara Quill", "Harbour", "gulls", "en")
    assert whole_texts(Splits(train, [other], [])) == ["masts 1", "masts 2", "gulls"]
