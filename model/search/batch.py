"""Many verses written together and waited for, where no event loop is at hand."""

from collections.abc import Callable, Sequence
from functools import partial

from model.checkpoint import Checkpoint
from model.copyguard import VerseGuard
from model.engine import Precision
from model.search.plan import SearchedVerse, VersePlan
from model.search.score import Weights
from model.search.verse_search import Tools
from model.search.writer import Writer
from model.verse import build_engine

_NUM_ROWS = 64


def write_verses(
    checkpoint: Checkpoint,
    plans: Sequence[VersePlan],
    precision: Precision = "auto",
    weights: Weights | None = None,
    *,
    between_steps: Callable[[], None] = lambda: None,
) -> list[SearchedVerse]:
    """In the order of the plans. Raises ValueError for a plan that does not fit the model.

    `between_steps` may wait, where others want the machine.
    """
    engine = build_engine(checkpoint, num_slots=_NUM_ROWS, precision=precision)
    guard = partial(VerseGuard, (checkpoint.copy_index,))
    writer = Writer(engine, Tools(checkpoint.tokenizer, checkpoint.craft, guard, weights))
    order = [writer.add(plan) for plan in plans]
    verses: dict[int, SearchedVerse] = {}
    while writer.has_work:
        between_steps()
        verses.update((each.work_id, each.work) for each in writer.step())
    return [verses[verse_id] for verse_id in order]
