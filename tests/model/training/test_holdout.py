"""Something is always left to learn and something to measure, or the reason is given."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.song import Song
from model.corpus.split import split_of
from model.errors import CorpusError
from model.training.holdout import hold_out

LINES = ["The kettle sings", "I sweep the stair", "", "A letter comes", "from who knows where"]


def song(title: str, lines: int = 8, artist: str = "Nell Harrow") -> Song:
    return Song(artist, title, "\n".join(f"{title}, line {n}" for n in range(lines)), "en")


def titles(split: str, count: int) -> list[str]:
    """Titles that fall into `split`, or out of training for "held out"."""
    numbered = (f"Song {number}" for number in itertools.count())
    wanted = {"train"} if split == "train" else {"validation", "test"}
    fitting = (title for title in numbered if split_of("Nell Harrow", title) in wanted)
    return list(itertools.islice(fitting, count))


words = st.text("abc \n雨", min_size=1, max_size=60).filter(lambda text: text.strip())
many_songs = st.lists(
    st.builds(Song, st.sampled_from(["Nell", "Otto"]), words, words, st.just("en")),
    min_size=1,
    max_size=12,
)


@given(many_songs)
def test_any_songs_leave_something_to_learn_and_something_to_measure(songs: list[Song]) -> None:
    try:
        learn, held_out = hold_out(songs)
    except CorpusError:
        assert all("\n" not in each.text.strip("\n") for each in songs)
        return
    assert all(each.text.strip("\n") for each in [*learn, *held_out])
    assert {each.artist for each in learn} == {each.artist for each in songs}
    assert held_out


@given(many_songs)
def test_no_line_is_both_learned_and_measured(songs: list[Song]) -> None:
    numbered = [
        Song(each.artist, f"{index} {each.title}", f"{index}\n{each.text.strip()} {index}", "en")
        for index, each in enumerate(songs)
    ]
    learn, held_out = hold_out(numbered)
    whole = {each.title: each.text for each in numbered}
    for each in held_out:
        learned = sum(len(other.text) for other in learn if other.title == each.title)
        assert whole[each.title].endswith(each.text)
        assert learned + len(each.text) <= len(whole[each.title])


def test_songs_of_the_validation_and_test_splits_are_held_out() -> None:
    back = titles("held out", 2)
    learn, held_out = hold_out([song(title) for title in titles("train", 3) + back])
    assert [each.title for each in held_out] == back
    assert len(learn) == 3


def test_of_four_songs_for_training_one_is_held_out_whole() -> None:
    songs = [song(title) for title in titles("train", 4)]
    learn, held_out = hold_out(songs)
    assert len(learn) == 3
    assert held_out[0] in songs


def test_of_fewer_songs_the_last_quarter_of_the_lines_is_held_out() -> None:
    (learn,), (held_out,) = hold_out([song(titles("train", 1)[0])])
    assert (learn.text.count("\n") + 1, held_out.text.count("\n") + 1) == (6, 2)


def test_the_only_song_is_learned_even_when_its_name_falls_into_the_test_split() -> None:
    learn, held_out = hold_out([song(titles("held out", 1)[0])])
    assert learn[0].title == held_out[0].title


def test_two_lines_are_enough() -> None:
    (learn,), (held_out,) = hold_out([song(titles("train", 1)[0], lines=2)])
    assert learn.text.endswith("line 0")
    assert held_out.text.endswith("line 1")


def test_blank_lines_at_the_cut_belong_to_neither_part() -> None:
    whole = Song("Nell Harrow", titles("train", 1)[0], "one\ntwo\n\nthree\n", "en")
    (learn,), (held_out,) = hold_out([whole])
    assert (learn.text, held_out.text) == ("one\ntwo", "three")


def test_nothing_but_one_line_is_refused_with_the_reason() -> None:
    with pytest.raises(CorpusError, match=r"one line each.*add songs of several lines"):
        hold_out([song("Hum", lines=1), song("Hymn", lines=1)])


def test_an_artist_of_one_line_is_learned_beside_another_who_is_measured() -> None:
    learn, held_out = hold_out([song("Hum", lines=1, artist="Otto Finch"), song("Long")])
    assert {each.artist for each in learn} == {"Otto Finch", "Nell Harrow"}
    assert {each.artist for each in held_out} == {"Nell Harrow"}
