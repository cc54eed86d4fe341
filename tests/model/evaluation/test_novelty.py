"""Copies are found exactly, and the most similar verse is that of the definition."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.corpus.song import Song
from model.errors import CorpusError
from model.evaluation import novelty
from model.evaluation.novelty import CopiedRun, SimilarityIndex, SuffixIndex
from tests.factories import songs

WORDS = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=12).map(" ".join)


def made(*texts: str, artist: str = "A") -> list[Song]:
    return [Song(artist, f"Song {number}", text, "en") for number, text in enumerate(texts)]


CORPUS = made("one two three four\nfive", "six seven eight", "two three nine", "明月几时有")


@pytest.mark.parametrize(
    ("text", "num_words", "start", "song"),
    [
        ("Zero, ONE two\nthree; four!", 4, 1, 0),  # neither case nor marks nor lines matter
        ("two three nine", 3, 0, 2),
        ("five six", 1, 0, 0),  # not from one song into the next
        ("one two ten two three", 2, 0, 0),
        ("a seven", 1, 1, 1),
        ("我问明月几时", 4, 2, 3),
        ("zero", 0, 0, None),
        ("", 0, 0, None),
    ],
)
def test_the_longest_copy_is_found(text: str, num_words: int, start: int, song: int | None) -> None:
    expected = CopiedRun(num_words, start, None if song is None else CORPUS[song])
    assert SuffixIndex(CORPUS).longest_copy(text) == expected


def test_novel_shares_are_counted_by_hand() -> None:
    index = SuffixIndex(CORPUS)
    # one-two and two-three are known, three-ten and ten-two are not.
    assert index.novel_share("one two three ten two", 2) == pytest.approx(2 / 4)
    assert index.novel_share("one two three ten two", 3) == pytest.approx(2 / 3)
    assert index.novel_share("one two three ten two", 1) == pytest.approx(1 / 5)
    assert index.novel_share("one two", 3) == 0


@given(st.lists(WORDS, max_size=4), WORDS)
def test_matches_are_what_a_plain_search_finds(corpus: list[str], text: str) -> None:
    words = text.split()
    padded = [f" {song} " for song in corpus]
    expected = [
        max(
            length
            for length in range(len(words) - start + 1)
            if length == 0
            or any(f" {' '.join(words[start : start + length])} " in song for song in padded)
        )
        for start in range(len(words))
    ]
    index = SuffixIndex(made(*corpus))
    assert index.matches(text) == expected
    assert index.longest_copy(text).num_words == max(expected, default=0)


def test_too_many_different_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(novelty, "_MAX_WORDS", 5)
    with pytest.raises(CorpusError, match="different words"):
        SuffixIndex(CORPUS)


def test_a_song_of_the_corpus_is_no_news() -> None:
    known = songs(2)
    index, similarity = SuffixIndex(known), SimilarityIndex(known)
    for song in known:
        assert index.novel_share(song.text, 4) == 0
        assert similarity.highest(song.text, song.artist) == pytest.approx(1)


def test_similarity_is_the_cosine_of_counts_by_rarity() -> None:
    index = SimilarityIndex(
        [*made("red red rose", "blue rose"), *made("red wine", artist="B")], num_lines=1
    )
    rarity = {"red": math.log(4 / 3) + 1, "rose": math.log(4 / 3) + 1, "blue": math.log(2) + 1}

    def cosine(one: str, other: str) -> float:
        a, b = (
            {word: count * rarity[word] for word, count in Counter(text.split()).items()}
            for text in (one, other)
        )
        dot = sum(a[word] * b.get(word, 0) for word in a)
        return dot / math.hypot(*a.values()) / math.hypot(*b.values())

    expected = max(cosine("red blue", "red red rose"), cosine("red blue", "blue rose"))
    assert index.highest("Red,\nblue unheard", "A") == pytest.approx(expected)


def test_only_the_verses_of_the_artist_count() -> None:
    index = SimilarityIndex([*made("red wine"), *made("blue rose", artist="B")])
    assert index.highest("blue rose", "A") == 0
    assert index.highest("blue rose", "B") == pytest.approx(1)
    assert index.highest("blue rose", "C") == 0


@pytest.mark.parametrize("texts", [(), ("",), ("a", "")])
def test_hardly_any_corpus_is_no_trouble(texts: tuple[str, ...]) -> None:
    assert SuffixIndex(made(*texts)).longest_copy("b c d").num_words == 0
    assert SimilarityIndex(made(*texts)).highest("b c d", "A") == 0
    assert SimilarityIndex(made(*texts)).highest("", "A") == 0
