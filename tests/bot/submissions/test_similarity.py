"""Lyrics that share words are found among many, and none of another server's."""

import random

import pytest

from bot.submissions import similarity
from bot.submissions.lyrics_reader import RUN
from bot.submissions.similarity import SketchIndex, lines_in_common, runs_of, words_of_text
from model.copyguard.runs import Hashes

WORDS = [f"{a}{b}" for a in ("sal", "ti", "gra", "wo", "mu") for b in ("ne", "per", "lo", "rik")]


def runs(text: str) -> Hashes:
    return runs_of(words_of_text(text), RUN)


def sketch(number: int, guild_id: int | None, text: str) -> similarity.Sketch:
    return similarity.sketch(number, guild_id, runs(text))


def share_in_common(text: str, other: str) -> float:
    return similarity.share_in_common(runs(text), runs(other))


def lyric(seed: int, num_words: int = 120) -> str:
    words = random.Random(seed).choices(WORDS, k=num_words)
    return "\n".join(" ".join(words[first : first + 8]) for first in range(0, num_words, 8))


def with_changes(text: str, every: int) -> str:
    words = text.split(" ")
    return " ".join("zebra" if place % every == 0 else word for place, word in enumerate(words))


def index_of(*texts: str, guild_id: int | None = 7) -> SketchIndex:
    index = SketchIndex()
    index.add([sketch(number, guild_id, text) for number, text in enumerate(texts, 1)])
    return index


def test_of_many_lyrics_the_one_that_was_changed_a_little_is_found() -> None:
    index = index_of(*(lyric(seed) for seed in range(300)))
    found = [
        index.nearest(runs(with_changes(lyric(seed), 15)), 7)[:1] for seed in range(0, 300, 10)
    ]
    assert found == [[seed + 1] for seed in range(0, 300, 10)]


def test_half_of_a_song_is_found_and_a_song_that_holds_another() -> None:
    whole = lyric(5, 400)
    half = "\n".join(whole.splitlines()[:25])
    assert index_of(lyric(1), whole, lyric(2)).nearest(runs(half), 7)[0] == 2
    assert index_of(lyric(1), half, lyric(2)).nearest(runs(whole), 7)[0] == 2
    assert share_in_common(half, whole) == 1.0
    assert 0.4 < share_in_common(whole, half) < 0.6


def test_nothing_of_another_server_is_found_and_what_all_share_is() -> None:
    index = SketchIndex()
    index.add([sketch(1, 7, lyric(1)), sketch(2, 8, lyric(1)), sketch(3, None, lyric(1))])
    assert sorted(index.nearest(runs(lyric(1)), 7)) == [1, 3]
    assert sorted(index.nearest(runs(lyric(1)), 8)) == [2, 3]
    assert index.nearest(runs(lyric(1)), None) == [3]


def test_other_servers_do_not_crowd_out_what_may_be_seen() -> None:
    index = index_of(*[lyric(1)] * 50, guild_id=8)
    index.add([sketch(99, 7, with_changes(lyric(1), 6))])
    assert index.nearest(runs(lyric(1)), 7) == [99]


def test_an_index_that_grew_finds_as_one_that_was_made_at_once() -> None:
    at_once, grown = index_of(*map(lyric, range(40))), SketchIndex()
    for seed in range(40):
        grown.add([sketch(seed + 1, 7, lyric(seed))])
    grown.add([])
    assert len(grown) == len(at_once) == 40
    for seed in range(0, 40, 7):
        text = with_changes(lyric(seed), 9)
        assert grown.nearest(runs(text), 7) == at_once.nearest(runs(text), 7)


@pytest.mark.parametrize("text", ["salt", "salt on", "salt on the", "雨", "", "?!"])
def test_fewer_words_than_a_run_are_compared_whole(text: str) -> None:
    assert share_in_common(text, text) == (1.0 if any(map(str.isalpha, text)) else 0.0)
    assert share_in_common(text, lyric(1)) == 0.0
    SketchIndex().nearest(runs(text), 7)


def test_a_changed_word_costs_the_runs_that_hold_it() -> None:
    text = " ".join(f"word{number}" for number in range(103))  # a hundred runs
    changed = text.replace("word50 ", "other ")
    assert share_in_common(changed, text) == 1 - RUN / 100


def test_case_marks_and_line_ends_make_no_other_words() -> None:
    assert share_in_common(lyric(3), lyric(3).upper().replace("\n", ", ")) == 1.0
    assert share_in_common("雨落在旧城的屋檐", "雨落在，旧城的屋檐！") == 1.0


def test_lines_in_common_are_told_as_they_stand_in_the_first() -> None:
    assert lines_in_common("Salt!\n\nand tide\nalone", "SALT\n\nAnd, tide") == ["Salt!", "and tide"]
