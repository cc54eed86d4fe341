"""Lines as they come from the engine, and where they can be cut to end otherwise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config import Unit
from model.corpus.tokenizer import Tokenizer
from model.engine import FinishedSequence
from model.engine.sequence import FinishReason
from model.network.state import RecurrentState
from model.phonetics import pronounce, split_words
from model.search.candidate import Candidate, cut_before_last_word, read_candidate
from model.search.endings import Endings
from tests.model.search.helpers import RHYMES, UNITS, checkpoint_of
from tests.model.search.test_verse_search import SEEDS

WORDS = ("light", "away", "don't", "runnin'", "雨", "天", "tonight", "x")
MARKS = ("", " ", ", ", "… ", "-", "  ", " '", "。", "7", "7 ", "é")
lines = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=6).map(
    lambda parts: "".join(word + mark for word, mark in parts)
)
STATE = RecurrentState(*[checkpoint_of("bpe").model.output_bias] * 3)


def tokenizer_of(unit: Unit) -> Tokenizer:
    return checkpoint_of(unit).tokenizer


def finished(
    tokenizer: Tokenizer, text: str, reason: FinishReason = "lines", first: float = 1.0
) -> FinishedSequence:
    """Tokens whose log probabilities are first, first + 1, …."""
    tokens = tuple(tokenizer.encode(text))
    said = tuple(first + n for n in range(len(tokens)))
    return FinishedSequence(0, tokens, reason, log_probabilities=said, state=STATE)


def candidate_of(tokenizer: Tokenizer, opening: str, written: str) -> Candidate | None:
    return read_candidate(tokenizer, opening, finished(tokenizer, written))


@pytest.mark.parametrize("opening", SEEDS)
def test_a_line_is_its_opening_and_what_was_written(opening: str) -> None:
    each = candidate_of(tokenizer_of("bpe"), opening, " by candle light\n")
    assert each is not None
    assert each.text == f"{opening} by candle light".lstrip()
    assert each.written == " by candle light\n"
    assert each.log_probability == sum(range(1, len(each.tokens) + 1))


@pytest.mark.parametrize(
    ("opening", "written", "reason"),
    [
        ("", "\n", "lines"),
        ("", "  \n", "lines"),
        ("🎤", "\nlight\n", "lines"),  # to the engine the opening is no text, but it is
        ("", "🎤\nlight\n", "lines"),
        ("slim", " light\n", "aborted"),
    ],
)
def test_what_is_no_line_is_no_candidate(opening: str, written: str, reason: FinishReason) -> None:
    tokenizer = tokenizer_of("bpe")
    assert read_candidate(tokenizer, opening, finished(tokenizer, written, reason)) is None


def test_a_line_that_the_limit_cut_ends_there_and_is_flawed() -> None:
    tokenizer = tokenizer_of("bpe")
    each = read_candidate(tokenizer, "slim", finished(tokenizer, " light", "length"))
    assert each is not None
    assert each.text == "slim light"
    assert each.tokens[-1] == tokenizer.newline_id
    assert (each.num_unread, each.is_flawed) == (2, True)


def test_half_a_character_is_no_candidate() -> None:
    tokenizer = tokenizer_of("bpe")
    whole = tokenizer.encode("雨\n")
    halved = FinishedSequence(0, (whole[0], whole[-1]), "lines", state=STATE)
    assert len(whole) > 2
    assert read_candidate(tokenizer, "", halved) is None


def test_an_opening_may_be_the_whole_line_and_an_empty_line_before_one_is_dropped() -> None:
    tokenizer = tokenizer_of("bpe")
    alone, later = candidate_of(tokenizer, "slim", "\n"), candidate_of(tokenizer, "", " \nlight\n")
    assert alone is not None
    assert later is not None
    assert (alone.text, later.text) == ("slim", "light")


@pytest.mark.parametrize("unit", UNITS)
@given(opening=st.sampled_from(SEEDS), line=lines)
def test_a_cut_is_the_line_without_its_last_word(unit: Unit, opening: str, line: str) -> None:
    tokenizer = tokenizer_of(unit)
    each = candidate_of(tokenizer, opening, f"{line}\n")
    if each is None:
        return
    cut = cut_before_last_word(tokenizer, each)
    if cut is None:
        return
    kept = tokenizer.decode(cut.tokens)
    assert cut.tokens == each.tokens[: len(cut.tokens)]
    assert cut.log_probabilities == each.log_probabilities[: len(cut.tokens)]
    assert not kept.endswith(" ")
    space = " " if cut.needs_space else ""
    assert each.written.startswith(kept + space)
    rest = each.written[len(kept) :]
    assert split_words(rest) == split_words(line)[-1:]
    again = read_candidate(
        tokenizer, opening, finished(tokenizer, f"{space}light!\n", first=100.0), cut
    )
    if again is not None and not again.is_flawed:
        assert again.text == f"{opening}{kept}{space}light!".strip()
        assert again.log_probabilities[: len(cut.tokens)] == cut.log_probabilities
        assert again.log_probabilities[len(cut.tokens)] == 100.0


def test_a_line_of_several_words_in_tokens_of_its_own_can_be_cut() -> None:
    for unit in UNITS:
        each = candidate_of(tokenizer_of(unit), "the", " harbour light\n")
        assert each is not None
        cut = cut_before_last_word(tokenizer_of(unit), each)
        assert cut is not None
        assert (tokenizer_of(unit).decode(cut.tokens), cut.needs_space) == (" harbour", True)


@pytest.mark.parametrize(("opening", "line"), [("", "light"), ("", "…"), ("slim", ""), ("", "雨")])
def test_a_line_without_a_word_before_its_last_cannot_be_cut(opening: str, line: str) -> None:
    tokenizer = tokenizer_of("bpe")
    each = candidate_of(tokenizer, opening, f"{line}\n")
    assert each is not None
    assert cut_before_last_word(tokenizer, each) is None


# Endings


def written_by(tokenizer: Tokenizer, word: str, *, needs_space: bool, but: set[str]) -> set[str]:
    """Every text that the paths to what rhymes with `word` allow."""
    (target,) = pronounce(word)
    assert target is not None
    endings = Endings(tokenizer, RHYMES.lexicon)
    paths = endings.paths_to(target, needs_space, but)
    if paths is None:
        return set()
    found = set[str]()
    walks: list[tuple[tuple[int, ...], int]] = [((), 0)]
    while walks:
        tokens, node = walks.pop()
        for start, token, end in paths.t().tolist():
            if start == node and token == tokenizer.newline_id:
                found.add(tokenizer.decode(tokens))
            elif start == node:
                walks.append(((*tokens, token), end))
    return found


def test_paths_lead_to_the_words_that_rhyme_and_were_not_said() -> None:
    tokenizer = tokenizer_of("bpe")
    found = written_by(tokenizer, "night", needs_space=True, but=set())
    assert {text.rstrip(",.;:!?") for text in found} == {" light", " tonight"}
    assert {" light", " light.", " tonight!", " tonight;"} <= found
    assert {each[:1] for each in written_by(tokenizer, "night", needs_space=False, but=set())} == {
        "l",
        "t",
    }
    assert {
        text[:6] for text in written_by(tokenizer, "night", needs_space=True, but={"tonight"})
    } == {" light"}
    assert written_by(tokenizer, "night", needs_space=True, but={"tonight", "light"}) == set()
    assert written_by(tokenizer, "orange", needs_space=True, but=set()) == set()


def test_a_word_does_not_rhyme_with_itself() -> None:
    found = written_by(tokenizer_of("bpe"), "light", needs_space=True, but=set())
    assert {text.rstrip(",.;:!?") for text in found} == {" tonight"}


def test_chinese_ends_on_chinese_marks() -> None:
    found = written_by(tokenizer_of("bpe"), "年", needs_space=False, but=set())
    assert {"天", "天。", "远，", "前！"} <= found
    assert not any("." in text for text in found)


@pytest.mark.parametrize("unit", UNITS)
def test_what_the_vocabulary_cannot_spell_is_on_no_path(unit: Unit) -> None:
    tokenizer = tokenizer_of(unit)
    for needs_space in (True, False):
        found = written_by(tokenizer, "night", needs_space=needs_space, but=set())
        assert not any("\ufffd" in text for text in found)
        assert {tokenizer.decode(tokenizer.encode(text)) for text in found} == found
    assert " light" in written_by(tokenizer, "night", needs_space=True, but=set())
