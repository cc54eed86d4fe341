"""One text file: a song of its own, or the songs of an artist."""

import io

import pytest

from model.corpus.readers.records import Note, RawSong, Reading, Refusal
from model.corpus.readers.text_files import read_text_file

RAIN = "the gutters hum a copper tune\n\nand nobody is counting"
LAMP = "one lamp, one road\none promise made"
BOTH = f"# Copper Rain\n{RAIN}\n\n# One Lamp\n{LAMP}\n"


def readings(text: str, artist: str | None = None, folder: str | None = None) -> list[Reading]:
    file = io.StringIO(text, newline="")
    return list(read_text_file(file, "stem.txt", artist, stem="stem", folder=folder))


def test_a_file_of_a_folder_is_one_song_by_that_folder() -> None:
    assert readings(RAIN, folder="Ada Quill") == [RawSong("stem.txt", 1, "Ada Quill", "stem", RAIN)]


def test_a_named_artist_goes_before_the_folder() -> None:
    (song,) = readings(RAIN, artist="Tin Pedro", folder="Ada Quill")

    assert isinstance(song, RawSong)
    assert song.artist == "Tin Pedro"


def test_a_plain_file_named_itself_is_one_song_by_nobody() -> None:
    assert readings(RAIN) == [RawSong("stem.txt", 1, None, "stem", RAIN)]


def test_its_own_heading_leaves_a_file_of_a_folder_one_song() -> None:
    (song,) = readings(f"Copper Rain Lyrics\n{RAIN}", folder="Ada Quill")

    assert isinstance(song, RawSong)
    assert (song.artist, song.title, song.text.strip()) == ("Ada Quill", "stem", RAIN)


@pytest.mark.parametrize("folder", [None, "Poets"])
def test_headings_part_the_songs_of_an_artist_named_like_the_file(folder: str | None) -> None:
    note, rain, lamp = readings(BOTH, folder=folder)

    assert isinstance(note, Note)
    assert "2 songs" in note.message
    assert '"stem"' in note.message
    assert rain == RawSong("stem.txt", 1, "stem", "Copper Rain", f"\n{RAIN}\n")
    assert lamp == RawSong("stem.txt", 6, "stem", "One Lamp", f"\n{LAMP}")


def test_a_named_artist_goes_before_the_name_of_the_file() -> None:
    songs = [song for song in readings(BOTH, artist="Ada Quill") if isinstance(song, RawSong)]

    assert [song.artist for song in songs] == ["Ada Quill", "Ada Quill"]


def test_text_before_the_first_heading_is_refused() -> None:
    _, refusal, *songs = readings(f"Collected by nobody\n\n{BOTH}")

    assert isinstance(refusal, Refusal)
    assert "first heading" in refusal.reason
    assert len(songs) == 2
