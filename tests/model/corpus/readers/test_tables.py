"""CSV tables, whole and damaged."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.readers.records import Note, RawSong, Reading, Refusal
from model.corpus.readers.tables import read_table

RAIN = "Copper rain, copper rain,  \nwash the number off the train  \n\nthe cellar could not sleep"
BUS = 'The driver said "hello" to me,\nthe bus was full of bees,\nwe hummed until the harbour'
LAMP = "One lamp, one road, one promise made\nof paper, string and lemonade"


def written(*rows: list[str], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue()


def readings(table: str, artist: str | None = None) -> list[Reading]:
    return list(read_table(io.StringIO(table, newline=""), "songs.csv", artist))


def kaggle() -> str:
    return written(
        ["artist", "song", "link", "text"],
        ["Ada Quill", "Copper Rain", "/a/copper.html", RAIN],
        ["Ada Quill", "Harbour Bus", "/a/bus.html", BUS],
        ["Tin Pedro", "One Lamp", "/t/lamp.html", LAMP],
    )


def taken(found: list[Reading]) -> list[str | None]:
    return [song.title for song in found if isinstance(song, RawSong)]


def test_the_layout_of_kaggle_is_read_with_lines_and_quotes() -> None:
    assert readings(kaggle()) == [
        RawSong("songs.csv", 2, "Ada Quill", "Copper Rain", RAIN),
        RawSong("songs.csv", 6, "Ada Quill", "Harbour Bus", BUS),
        RawSong("songs.csv", 9, "Tin Pedro", "One Lamp", LAMP),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    "header",
    [
        ["", "artist", "title", "lyrics"],
        ["index", "Artist", "SONG", "Text"],
        ["artist", "title", "lyrics"],  # with row numbers that the header leaves out
    ],
)
def test_row_numbers_and_other_names_change_nothing(header: list[str], delimiter: str) -> None:
    table = written(header, ["17", "Ada Quill", "Rain", RAIN], delimiter=delimiter)

    assert readings(table) == [RawSong("songs.csv", 2, "Ada Quill", "Rain", RAIN)]


def test_a_language_column_is_heeded() -> None:
    table = written(["artist", "title", "text", "lang"], ["阿木", "江上", LAMP, "zh"])

    assert readings(table) == [RawSong("songs.csv", 2, "阿木", "江上", LAMP, "zh")]


def test_the_named_artist_serves_rows_without_one() -> None:
    table = written(["title", "artist", "text"], ["One Lamp", "", LAMP], ["Rain", "Ada", RAIN])

    found = [song for song in readings(table, "Tin Pedro") if isinstance(song, RawSong)]
    assert [song.artist for song in found] == ["Tin Pedro", "Ada"]


def test_a_table_without_artists_asks_for_one_once() -> None:
    table = written(["title", "text"], ["One Lamp", LAMP], ["Rain", RAIN])

    (refusal,) = readings(table)
    assert isinstance(refusal, Refusal)
    assert "--artist" in refusal.reason
    assert taken(readings(table, "Tin Pedro")) == ["One Lamp", "Rain"]


@pytest.mark.parametrize(
    "table", ["", "\n\n", "name,year\nRain,1999\n", f'"{RAIN}"', "\x00\x01,\n"]
)
def test_a_table_that_names_no_columns_is_refused_once(table: str) -> None:
    (refusal,) = readings(table)

    assert isinstance(refusal, Refusal)
    assert "artist, title and text" in refusal.reason


def test_a_last_row_cut_off_within_its_text_is_refused() -> None:
    *songs, refusal = readings(kaggle().rstrip()[:-20])

    assert taken(songs) == ["Copper Rain", "Harbour Bus"]
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.artist) == (9, "Tin Pedro")
    assert "cut off" in refusal.reason


def test_a_last_row_cut_off_before_its_text_is_refused() -> None:
    *songs, refusal = readings(written(["artist", "song", "text"], ["A", "B", RAIN]) + "Tin Pe")

    assert taken(songs) == ["B"]
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.artist) == (5 + 1, "Tin Pe")


def test_a_row_with_loose_commas_is_refused_alone() -> None:
    table = "artist,song,text\nAda,Rain,drip, drop, drip\n" + written(["Tin", "One Lamp", LAMP])

    refusal, song = readings(table)
    assert isinstance(refusal, Refusal)
    assert (refusal.line, refusal.artist) == (2, "Ada")
    assert isinstance(song, RawSong)
    assert song.line == 3


@pytest.mark.parametrize(
    "damaged",
    [
        f'Ada Quill,Open,/o,"{LAMP}\n',  # never closed
        f'Ada Quill,Stray,/s,"one "two" three, four\nfive six\n{LAMP}"\n',  # not doubled
    ],
)
def test_damaged_quotes_cost_their_row_and_its_neighbour_at_most(damaged: str) -> None:
    rows = [["Ada Quill", f"Song {number}", "/s", f"{number}, {RAIN}"] for number in range(5)]
    table = written(["artist", "song", "link", "text"]) + damaged + written(*rows)

    found = readings(table)
    refusals = [refusal for refusal in found if isinstance(refusal, Refusal)]
    assert [(refusal.line, refusal.artist) for refusal in refusals] == [(2, "Ada Quill")]
    assert "quotes" in refusals[0].reason
    assert taken(found)[-4:] == ["Song 1", "Song 2", "Song 3", "Song 4"]
    (note,) = [note for note in found if isinstance(note, Note)]
    assert "passed over" in note.message


def test_a_text_without_end_does_not_hide_the_songs_after_it() -> None:
    table = written(["artist", "song", "link", "text"])
    table += 'Ada,Endless,/e,"' + "la la la\n" * 50_000 + '"\n' + kaggle().partition("\n")[2]

    found = readings(table)
    assert [type(reading) for reading in found[:2]] == [Refusal, Note]
    assert taken(found)[-2:] == ["Harbour Bus", "One Lamp"]


def test_empty_rows_are_no_songs() -> None:
    table = "artist,song,text\n\n,,\n" + written(["Tin", "One Lamp", LAMP]) + "\n\n"

    assert taken(readings(table)) == ["One Lamp"]


@given(st.text(st.sampled_from('a1, "\n\r\x00;') | st.characters(), max_size=300))
def test_no_table_raises(body: str) -> None:
    for header in ("artist,song,text\n", "title;lyrics\n", ""):
        for reading in readings(header + body, "Ada Quill"):
            assert reading.line >= 0
