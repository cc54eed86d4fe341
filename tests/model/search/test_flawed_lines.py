"""Lines that are no good are taken only where there are no others, and the verse goes on."""

import pytest
import torch

from model.checkpoint import Checkpoint
from model.config import Unit
from model.engine import FinishedSequence, Precision
from model.engine.sequence import FinishReason
from model.search import SearchedVerse, Tools, VersePlan, VerseSearch, Writer
from model.search.verse_search import MAX_ROUNDS
from model.verse import build_engine, max_tokens
from tests.factories import short_lined_checkpoint
from tests.model.search.helpers import (
    PRECISIONS,
    RHYMES,
    checkpoint_of,
    no_guard,
    plan,
    require,
    write,
)
from tests.model.search.test_candidate import STATE


def biased(unit: Unit, *, newline: float = 0.0, halves: float = 0.0) -> Checkpoint:
    checkpoint = short_lined_checkpoint("biased", unit=unit)
    tokenizer, bias = checkpoint.tokenizer, checkpoint.model.output_bias
    broken = [i for i in range(tokenizer.vocab_size) if "\ufffd" in tokenizer.decode([i])]
    with torch.no_grad():
        bias[tokenizer.newline_id] += newline
        bias[broken] += halves
    return checkpoint


def written(checkpoint: Checkpoint, precision: Precision, *plans: VersePlan) -> list[SearchedVerse]:
    require(precision)
    engine = build_engine(checkpoint, num_slots=8, max_positions=500, precision=precision)
    return write(Writer(engine, Tools(checkpoint.tokenizer, RHYMES, no_guard)), *plans)


@pytest.mark.parametrize("precision", PRECISIONS)
@pytest.mark.parametrize("scheme", ["", "AABB"])
def test_where_no_line_ends_by_itself_each_is_cut_and_the_verse_goes_on(
    precision: Precision, scheme: str
) -> None:
    checkpoint = biased("word", newline=-60.0)
    each = plan(lines=3, num_candidates=2, scheme=scheme)
    (verse,) = written(checkpoint, precision, each)
    lines = verse.text.split("\n")
    assert verse.reason == "lines"
    assert len(lines) == 3
    most = max_tokens(checkpoint.tokenizer, 1)
    for line in lines:
        assert 0 < len(checkpoint.tokenizer.encode(line)) <= most + 3


@pytest.mark.parametrize("precision", PRECISIONS)
def test_cut_lines_come_out_alike_alone_and_among_others(precision: Precision) -> None:
    checkpoint = biased("word", newline=-60.0)
    batch = [plan(lines=2, num_candidates=2, rng_seed=n) for n in range(4)]
    together = written(checkpoint, precision, *batch)
    assert written(checkpoint, precision, batch[2]) == [together[2]]
    assert len({verse.text for verse in together}) == 4


@pytest.mark.parametrize("scheme", ["", "AABB"])
def test_where_every_line_holds_half_a_character_it_is_left_out(scheme: str) -> None:
    checkpoint = biased("bpe", halves=30.0)
    batch = [plan(lines=3, num_candidates=1, rng_seed=n, scheme=scheme) for n in range(6)]
    for verse in written(checkpoint, "fp32", *batch):
        assert "\ufffd" not in verse.text
        assert verse.text.startswith("the night")
        assert verse.reason == "lines"


def answered(
    text: str, *, nats: float, reason: FinishReason = "lines", drop: int = 0
) -> FinishedSequence:
    """A try of this text, each token as likely, without the token at `drop` from the end."""
    tokens = checkpoint_of("bpe").tokenizer.encode(f"{text}\n")
    tokens = tokens[:-1] if reason == "length" else tokens
    kept = tuple(tokens[:-drop] + tokens[1 - drop or len(tokens) :] if drop else tokens)
    return FinishedSequence(0, kept, reason, log_probabilities=(nats,) * len(kept), state=STATE)


WHOLE = answered(" rope", nats=-9.0)
CUT = answered(" tide", nats=-0.1, reason="length")
HALVED = answered(" tide雨", nats=-0.1, drop=2)


def searched(*rounds: list[FinishedSequence]) -> SearchedVerse:
    """A verse of one line, of tries that come to these, round by round."""
    tools = Tools(checkpoint_of("bpe").tokenizer, RHYMES, no_guard)
    run = VerseSearch(tools, plan(lines=1, num_candidates=2)).run()
    next(run)
    for each in rounds[:-1]:
        run.send(each)
    with pytest.raises(StopIteration) as stop:
        run.send(rounds[-1])
    verse: SearchedVerse = stop.value.value
    return verse


@pytest.mark.parametrize("flawed", [CUT, HALVED])
def test_a_whole_line_is_taken_rather_than_a_flawed_one_however_likely(
    flawed: FinishedSequence,
) -> None:
    assert searched([flawed, WHOLE]).text == "the night rope"
    assert searched([WHOLE, flawed]).text == "the night rope"
    assert searched([flawed, flawed], [flawed, WHOLE]).text == "the night rope"


@pytest.mark.parametrize("flawed", [CUT, HALVED])
def test_a_flawed_line_is_taken_when_nothing_else_has_come(flawed: FinishedSequence) -> None:
    verse = searched(*[[flawed, flawed]] * MAX_ROUNDS)
    assert (verse.text, verse.reason) == ("the night tide", "lines")


def test_what_is_no_line_at_all_ends_the_verse() -> None:
    nothing = answered(" tide\nrope", nats=-1.0)
    verse = searched(*[[nothing, nothing]] * MAX_ROUNDS)
    assert (verse.text, verse.reason, verse.num_characters) == ("the night", "length", 0)
