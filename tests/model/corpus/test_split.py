"""The split by song: fair, stable, and a matter of names alone."""

from collections import Counter

from model.corpus.split import split_of


def test_a_song_never_changes_its_split() -> None:
    assert split_of("Ada Quill", "Song 14") == "validation"
    assert split_of("Ada Quill", "Song 15") == "test"
    assert split_of("Ada Quill", "Copper Rain") == "train"
    assert split_of("阿木", "江上") == "train"


def test_one_song_in_twenty_validates_and_one_tests() -> None:
    counts = Counter(split_of("Ada Quill", f"Song {number}") for number in range(20_000))

    assert abs(counts["validation"] - 1000) < 120
    assert abs(counts["test"] - 1000) < 120
    assert sum(counts.values()) == 20_000


def test_songs_of_one_title_by_many_artists_fall_into_every_split() -> None:
    splits = {split_of(f"Artist {number}", "Intro") for number in range(200)}

    assert splits == {"train", "validation", "test"}
