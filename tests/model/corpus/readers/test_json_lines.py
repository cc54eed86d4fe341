"""JSON lines, whole and broken."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.readers.json_lines import read_json_lines
from model.corpus.readers.records import RawSong, Reading, Refusal

LAMP = "One lamp, one road, one promise made\nof paper, string and lemonade"


def readings(lines: str, artist: str | None = None) -> list[Reading]:
    return list(read_json_lines(io.StringIO(lines, newline=""), "songs.jsonl", artist))


@pytest.mark.parametrize("title_key", ["title", "song"])
@pytest.mark.parametrize("text_key", ["text", "lyrics"])
def test_both_names_of_title_and_text_are_read(title_key: str, text_key: str) -> None:
    line = json.dumps({"artist": "Tin Pedro", title_key: "One Lamp", text_key: LAMP, "lang": "en"})

    song = RawSong("songs.jsonl", 1, "Tin Pedro", "One Lamp", LAMP, "en")
    assert readings(line) == [song]


def test_lines_are_counted_with_the_empty_ones() -> None:
    line = json.dumps({"artist": "Tin Pedro", "title": "One Lamp", "text": LAMP})

    assert [song.line for song in readings(f"{line}\r\n\r\n\n{line}\r\n")] == [1, 4]


@pytest.mark.parametrize("song", [{}, {"artist": ""}, {"artist": None}])
def test_the_named_artist_serves_songs_without_one(song: dict[str, str]) -> None:
    (found,) = readings(json.dumps(song | {"title": "One Lamp", "text": LAMP}), "Tin Pedro")

    assert isinstance(found, RawSong)
    assert found.artist == "Tin Pedro"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("not json", "not JSON"),
        ('{"artist": "Tin Pedro", "text": "cut o', "not JSON"),
        ("[" * 100_000, "JSON"),
        ('"a string"', "no object"),
        ("7", "no object"),
        ("9" * 5000, "not JSON"),
        ('{"artist": "Tin Pedro", "title": "One Lamp"}', '"text"'),
        ('{"artist": "Tin Pedro", "text": ["la", "la"]}', '"text" is no string'),
        ('{"artist": 7, "text": "la"}', '"artist" is no string'),
        ('{"artist": "Tin Pedro", "title": {}, "text": "la"}', '"title" is no string'),
    ],
    ids=range(10),
)
def test_a_broken_line_is_refused_alone(line: str, word: str) -> None:
    good = json.dumps({"artist": "Tin Pedro", "title": "One Lamp", "text": LAMP})

    first, refusal, last = readings(f"{good}\n{line}\n{good}")
    assert isinstance(first, RawSong)
    assert isinstance(last, RawSong)
    assert isinstance(refusal, Refusal)
    assert refusal.line == 2
    assert word in refusal.reason
    assert refusal.artist in (None, "Tin Pedro")


def test_an_array_is_refused_once() -> None:
    (refusal,) = readings('[\n{"artist": "Tin Pedro"},\n{"artist": "Ada Quill"}\n]')

    assert isinstance(refusal, Refusal)
    assert "jq" in refusal.reason


@given(st.text(st.sampled_from('{}[]":,aé\\u\n 0') | st.characters(), max_size=300))
def test_no_line_raises(lines: str) -> None:
    for reading in readings(f'{{"text": "la"}}\n{lines}'):
        assert reading.line >= 1
