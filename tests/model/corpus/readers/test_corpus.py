"""Whole corpora on disk: every format and encoding, every fault, in file order and lazily."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.clean import clean_lyrics
from model.corpus.readers import Note, Refusal, read_corpus, size_of_corpus
from model.corpus.song import Song

RAIN = "the gutters hum a copper tune\n\nand nobody is counting the drops"
LAMP = "one lamp, one road, one promise made\nof paper, string and lemonade"
RIVER = "我把灯提到江心去，\n风把江心提到灯里。\n夜半无人唤渡船。"
SUMMER = "la rivière a vêtu sa robe d’été\net l’été s’est noyé dans le café"
TABLE = f'artist,song,link,text\nAda Quill,Copper Rain,/c,"{RAIN}"\nTin Pedro,Lamp,/l,"{LAMP}"\n'
LINES = json.dumps({"artist": "Ada Quill", "title": "Copper Rain", "lyrics": RAIN}) + "\n"

ADA = Song("Ada Quill", "Copper Rain", RAIN, "en")
TIN = Song("Tin Pedro", "Lamp", LAMP, "en")

Write = Callable[[str, bytes | str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: bytes | str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def _packed(content: bytes) -> bytes:
    """The same bytes in every process: a time stamp in them would give tests changing names."""
    return gzip.compress(content, mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "songs"),
    [
        ("songs.csv", TABLE, [ADA, TIN]),
        ("SONGS.CSV", TABLE.replace("\n", "\r\n"), [ADA, TIN]),
        ("songs.csv", "\ufeff" + TABLE, [ADA, TIN]),
        ("songs.csv", TABLE.encode("utf-16"), [ADA, TIN]),
        ("songs.tsv", f'title\tartist\tlyrics\nLamp\tTin Pedro\t"{LAMP}"\n', [TIN]),
        ("songs.csv.gz", _packed(TABLE.encode()), [ADA, TIN]),
        ("songs.jsonl", LINES, [ADA]),
        ("songs.json", "\ufeff" + LINES, [ADA]),
        ("songs.jsonl.gz", _packed(LINES.encode()), [ADA]),
        ("Ada_Quill/Copper_Rain.txt", f"[Verse 1]\r\n{RAIN}\r\n12Embed", [ADA]),
        ("Ada Quill/Copper Rain.txt.gz", _packed(RAIN.encode()), [ADA]),
    ],
)
def test_every_format_is_read(
    tmp_path: Path, write: Write, name: str, content: bytes | str, songs: list[Song]
) -> None:
    write(name, content)

    assert list(read_corpus([tmp_path])) == songs


def test_one_text_file_holds_all_songs_of_an_artist(write: Write) -> None:
    path = write("Ada_Quill.txt", f"Copper Rain\n===========\n{RAIN}\n\nLamp\n====\n{LAMP}\n")

    note, *songs = read_corpus([path])
    assert isinstance(note, Note)
    assert songs == [ADA, Song("Ada Quill", "Lamp", LAMP, "en")]


def test_paths_are_read_in_the_order_given(write: Write) -> None:
    lines, table = write("z.jsonl", LINES), write("a.csv", TABLE)

    assert list(read_corpus([lines, table, lines])) == [ADA, ADA, TIN, ADA]


@pytest.mark.parametrize(
    ("encoding", "name", "text"),
    [("cp1252", "Latin-1", SUMMER), ("gb18030", "GB18030", RIVER)],
)
def test_another_encoding_is_read_and_said(
    write: Write, encoding: str, name: str, text: str
) -> None:
    path = write("song.txt", text.encode(encoding))

    note, song = read_corpus([path], artist="Ada Quill")
    assert isinstance(note, Note)
    assert name in note.message
    assert isinstance(song, Song)
    assert song.text == text


def test_a_row_in_another_encoding_is_refused_alone(write: Write) -> None:
    good = f'Ada Quill,Été,/c,"{SUMMER}"\n'
    bad = f'Tin Pedro,Lamp,/l,"{SUMMER}"\n'.encode("latin-1", "ignore")
    path = write("songs.csv", b"artist,song,link,text\n" + good.encode() * 9 + bad + good.encode())

    answers = list(read_corpus([path]))
    (refusal,) = [answer for answer in answers if isinstance(answer, Refusal)]
    assert len(answers) == 11
    assert "UTF-8" in refusal.reason
    assert refusal.line == 2 + 9 * 2


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("song.pdf", "%PDF", "kind"),
        ("song", RAIN, "kind"),
        ("song.gz", _packed(b"la"), "kind"),
        ("song.txt", b"\x00\x01\x02" * 99, "no text"),
        ("song.csv", b"PK\x03\x04" + bytes(99), "no text"),
        ("song.txt", "плачет дождь по крышам".encode("koi8-r"), "no text"),
        ("song.txt", RAIN, "--artist"),
        ("song.txt", "", "--artist"),
        ("songs.jsonl.gz", b"no gzip", "cannot be read"),
        ("songs.jsonl.gz", _packed(LINES.encode() * 999)[:-40], "cannot be read"),
        ("songs.jsonl.gz", _packed(LINES.encode())[:12] + b"\xff" * 40, "cannot be read"),
        ("empty.csv", "", "names no columns"),
    ],
)
def test_a_bad_file_is_refused_once_and_the_next_one_read(
    write: Write, name: str, content: bytes | str, word: str
) -> None:
    bad, good = write(name, content), write("good.jsonl", LINES)

    *answers, song = read_corpus([bad, good])
    (refusal,) = [answer for answer in answers if isinstance(answer, Refusal)]
    assert song == ADA
    assert word in refusal.reason
    assert refusal.source == str(bad)


def test_a_file_that_may_not_be_opened_is_refused(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write("songs.csv", TABLE)
    monkeypatch.setattr(Path, "open", refuse)

    (refusal,) = read_corpus([path])
    assert isinstance(refusal, Refusal)
    assert "Permission denied" in refusal.reason


def test_songs_deep_in_folders_come_with_a_note(tmp_path: Path, write: Write) -> None:
    write("Ada Quill/First Album/Copper Rain.txt", RAIN)
    write("Ada Quill/First Album/Lamp.txt", LAMP)

    note, *songs = read_corpus([tmp_path])
    assert isinstance(note, Note)
    assert "First Album" in note.message
    assert len(songs) == 2


def test_reading_is_lazy(write: Write) -> None:
    path = write("songs.jsonl", LINES * 10_000)
    positions: list[int] = []

    songs = read_corpus([path], on_progress=positions.append)
    assert next(songs) == ADA
    assert next(songs) == ADA
    assert positions[0] < path.stat().st_size / 10


def test_progress_ends_at_the_size_of_the_corpus(tmp_path: Path, write: Write) -> None:
    write("songs.csv", TABLE)
    write("songs.jsonl.gz", _packed(LINES.encode() * 100))
    write("song.pdf", "%PDF")
    positions: list[int] = []

    answers = list(read_corpus([tmp_path], on_progress=positions.append))
    assert len(answers) == 103
    assert positions == sorted(positions)
    assert positions[-1] == size_of_corpus([tmp_path])


@given(
    st.sampled_from(["a.csv", "a.tsv", "a.jsonl", "a.txt", "a.csv.gz", "a.jsonl.gz", "a.pdf"]),
    st.sampled_from(
        [b"", b"artist,song,text\n", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b\x08", b"# A\n"]
    ),
    st.binary(max_size=400) | st.text(max_size=400).map(str.encode),
    st.booleans(),
)
def test_no_bytes_raise(name: str, start: bytes, rest: bytes, is_packed: bool) -> None:
    with TemporaryDirectory() as folder:
        content = _packed(start + rest) if is_packed else start + rest
        (Path(folder) / name).write_bytes(content)

        for answer in read_corpus([Path(folder)], artist="Ada Quill"):
            if isinstance(answer, Song):
                assert clean_lyrics(answer.text) == answer.text
            else:
                assert answer.source.endswith(name)
