"""What is given is never measured by, and the same is chosen every time."""

import pytest

from benchmarks.finetuning.material import lessons_of, sample_others
from model.corpus.dataset import select_split
from model.corpus.song import Song
from model.errors import CorpusError


def songs_of(artist: str, count: int, language: str = "en", length: int = 60) -> list[Song]:
    return [
        Song(artist, f"Song {n}", f"{artist} sings {n} {'la ' * (length // 3)}".strip(), language)
        for n in range(count)
    ]


NEW = [*songs_of("Ada Mole", 30), *songs_of("Roof Fox", 10), *songs_of("夜雨", 12, "zh")]


def test_no_song_is_both_given_and_measured_by() -> None:
    for lesson in lessons_of(NEW, [], [5, 20], None, 0):
        given = {song.text for song in lesson.given}
        assert lesson.unseen
        assert given.isdisjoint(song.text for song in lesson.unseen)
        assert {song.artist for song in lesson.given + lesson.unseen} == {lesson.artist}


def test_a_text_under_two_titles_is_one_song() -> None:
    twice = [Song(song.artist, f"{song.title} again", song.text, "en") for song in NEW[:30]]
    (lesson,) = lessons_of([*NEW[:30], *twice], [], [20], None, 0)
    texts = [song.text for song in lesson.given + lesson.unseen]
    assert len(texts) == len(set(texts)) == 30


def test_more_songs_include_the_fewer_and_are_measured_by_the_same() -> None:
    few, many = lessons_of(NEW[:30], [], [5, 20], None, 0)
    assert many.given[:5] == few.given
    assert few.unseen[: len(many.unseen)] == many.unseen


def test_a_fifth_of_an_artists_songs_is_never_given() -> None:
    lessons = {lesson.artist: lesson for lesson in lessons_of(NEW, [], [60], None, 0)}
    assert {name: len(lesson.given) for name, lesson in lessons.items()} == {
        "Ada Mole": 24,
        "夜雨": 10,
        "Roof Fox": 8,
    }
    assert lessons["Roof Fox"].asked_for == 60


def test_the_order_of_the_files_does_not_choose_the_songs_but_the_seed_does() -> None:
    one, turned, other = (
        [song.title for lesson in lessons_of(songs, [], [5], None, seed) for song in lesson.given]
        for songs, seed in ((NEW[:30], 0), (NEW[29::-1], 0), (NEW[:30], 1))
    )
    assert one == turned
    assert one != other


def test_of_fewer_artists_each_language_has_its_own() -> None:
    lessons = lessons_of(NEW, [], [5], 2, 0)
    assert [lesson.artist for lesson in lessons] == ["Ada Mole", "夜雨"]
    assert [lesson.language for lesson in lessons] == ["en", "zh"]


def test_known_artists_are_not_new() -> None:
    assert {lesson.artist for lesson in lessons_of(NEW, ["Ada Mole"], [5], None, 0)} == {
        "Roof Fox",
        "夜雨",
    }
    with pytest.raises(CorpusError, match="give songs of artists that it was not trained on"):
        lessons_of(NEW, ["Ada Mole", "Roof Fox", "夜雨"], [5], None, 0)


def test_an_artist_of_one_song_cannot_be_measured() -> None:
    with pytest.raises(CorpusError, match="Ada Mole has one song alone"):
        lessons_of(NEW[:1], [], [5], None, 0)


def test_the_others_are_known_artists_held_out_songs_in_even_shares() -> None:
    long, short = songs_of("Long", 200, length=300), songs_of("Short", 200, length=90)
    sample = sample_others([*long, *short, *NEW], ["Long", "Short"], 0, num_characters=1200)
    assert set(sample) <= set(select_split([*long, *short], "test"))
    lengths = {
        artist: sum(len(song.text) for song in sample if song.artist == artist)
        for artist in ("Long", "Short")
    }
    assert all(600 <= length < 1200 for length in lengths.values()), lengths


def test_others_without_held_out_songs_are_refused() -> None:
    with pytest.raises(CorpusError, match="give the songs that it was trained on"):
        sample_others(NEW, ["Somebody"], 0)
