"""What is learned from and what is measured on are apart, and about as long as they should be."""

import pytest

from model.comparison.budget import Budget
from model.comparison.grid import build_grid
from model.comparison.material import (
    Material,
    check_all,
    first_words,
    num_characters,
    plain_material,
    song_material,
)
from model.corpus.plain_text import PlainText
from model.corpus.song import Song
from model.corpus.split import split_of
from model.errors import ConfigError, CorpusError
from tests.factories import songs


def plain(num_train: int, num_held_out: int) -> Material:
    def text(letter: str, length: int) -> str:
        return (letter * 49 + "\n") * (length // 50)

    parts = (text("a", num_train), text("b", num_held_out), text("c", num_held_out))
    return plain_material("text", PlainText("text", "en", *parts))


def test_the_sample_of_a_plain_text_is_of_training_text_and_as_long_as_the_test() -> None:
    material = plain(90_000, 5_000)
    assert num_characters(material.splits.train) == 90_000
    assert num_characters(material.splits.test) == 5_000
    assert num_characters(material.train_sample) == pytest.approx(5_000, rel=0.2)
    assert set("".join(song.text for song in material.train_sample)) == {"a", "\n"}


def test_a_large_corpus_is_measured_on_a_part_of_what_is_held_out() -> None:
    material = plain(500_000, 450_000)
    assert num_characters(material.splits.validation) <= 25_000
    assert num_characters(material.splits.test) <= 250_000


def test_songs_are_split_by_name() -> None:
    known = songs(60)
    splits = song_material("songs", known).splits
    for name, part in splits._asdict().items():
        assert part == [song for song in known if split_of(song.artist, song.title) == name]


def test_held_out_songs_of_an_artist_with_nothing_to_learn_from_are_left_out() -> None:
    titles = (str(number) for number in range(100))
    title = next(title for title in titles if split_of("Nobody", title) == "test")
    stranger = Song("Nobody", title, "words " * 20, "en")
    material = song_material("songs", [*songs(60), stranger])
    assert "Nobody" not in material.artists
    assert material.notes[0].startswith("1 held-out")


def test_songs_of_which_none_is_held_out_are_refused() -> None:
    titles = (str(number) for number in range(100))
    known = [Song("A", title, "words " * 20, "en") for title in titles]
    without_test = [song for song in known if split_of("A", song.title) != "test"]
    with pytest.raises(CorpusError, match="--plain"):
        song_material("songs", without_test)


def test_the_fingerprint_tells_texts_and_splits_apart() -> None:
    one, again, other = plain(9_000, 500), plain(9_000, 500), plain(9_050, 500)
    assert one.fingerprint == again.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\nThe harbour lights are low\ntonight", "The harbour lights"),
        ("雨落在旧城的屋檐我在灯下写你的名", "雨落在旧"),
        ("one", "one"),
    ],
)
def test_a_sample_goes_on_from_the_first_words(text: str, words: str) -> None:
    assert first_words(text) == words


@pytest.mark.parametrize(
    ("settings", "error", "told"),
    [
        ({"batch_size": 64}, CorpusError, "smaller batch_size"),
        ({"window": 4000}, CorpusError, "smaller batch_size"),
        ({"vocab_size": 2}, ConfigError, "too small for the unit"),
    ],
)
def test_what_would_stop_a_run_is_told_before_any(
    settings: dict[str, int], error: type[Exception], told: str
) -> None:
    shared = {"unit": "character", "vocab_size": 100, "batch_size": 2, **settings}
    choices = build_grid({}, shared, 1, Budget(updates=10))
    with pytest.raises(error, match=told):
        check_all(choices, plain(3_000, 500))
