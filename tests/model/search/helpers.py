"""Small checkpoints of every unit, writers around them, and ways to have verses written."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
import torch

from model.checkpoint import Checkpoint
from model.config import Unit
from model.copyguard import VerseGuard
from model.craft import Craft, Habits
from model.engine import Engine, Precision
from model.engine.int8 import Int8Unavailable, library
from model.phonetics import NEAR_RHYME, pronounce, rhyme_strength, split_words
from model.sampling import SamplingParameters
from model.search import SearchedVerse, Tools, VersePlan, Writer
from model.verse import build_engine
from tests.factories import short_lined_checkpoint

UNITS: tuple[Unit, ...] = ("bpe", "word", "character")
PRECISIONS: tuple[Precision, ...] = ("fp32", "int8")
FREE = SamplingParameters(temperature=1.0, top_p=1.0, repetition_penalty=1.1)
_WORDS = """light tonight away grey blue through crown down heat beat ledge edge worn born turn
return
檐 远 天 前 名 清 听 灯 歌 我 说 么 睡 醉"""
RHYMES = Craft(tuple(_WORDS.split()))
"""Every word of them stands in the songs that the checkpoints' vocabularies were made from."""

GuardOf = Callable[[str], VerseGuard]


def no_guard(_: str) -> VerseGuard:
    return VerseGuard(())


@cache
def checkpoint_of(unit: Unit) -> Checkpoint:
    """Its lines have some words, so that they can end on another."""
    made = short_lined_checkpoint(unit, unit=unit)
    with torch.no_grad():
        made.model.output_bias[made.tokenizer.newline_id] -= 1
    return replace(made, craft=RHYMES)


def require(precision: Precision) -> None:
    """Skip where there is no C compiler."""
    try:
        if precision == "int8":
            library.load_library()
    except Int8Unavailable as reason:
        pytest.skip(f"the int8 step cannot be compiled here: {reason}")


@cache
def engine_of(unit: Unit, precision: Precision, num_slots: int) -> Engine:
    """Built once, and left without work by every test."""
    require(precision)
    checkpoint = checkpoint_of(unit)
    return build_engine(checkpoint, num_slots=num_slots, max_positions=800, precision=precision)


def writer_of(
    unit: Unit = "word",
    precision: Precision = "fp32",
    num_slots: int = 16,
    guard: GuardOf = no_guard,
    craft: Craft = RHYMES,
) -> Writer:
    tools = Tools(checkpoint_of(unit).tokenizer, craft, guard)
    return Writer(engine_of(unit, precision, num_slots), tools)


def plan(**changes: Any) -> VersePlan:
    settings: dict[str, Any] = {
        "artist": 0,
        "habits": Habits(),
        "seed": "the night",
        "lines": 4,
        "sampling": FREE,
        "rng_seed": 1,
        "num_candidates": 4,
    }
    return VersePlan(**settings | changes)


def write(writer: Writer, *plans: VersePlan) -> list[SearchedVerse]:
    """All at once; results in their order. Nothing is left to do."""
    ids = [writer.add(each) for each in plans]
    verses: dict[int, SearchedVerse] = {}
    while writer.has_work:
        for finished in writer.step():
            assert finished.work_id not in verses
            verses[finished.work_id] = finished.work
    assert writer.num_running == 0
    return [verses[each] for each in ids]


def do_rhyme(first: str, second: str) -> bool:
    ends = [(pronounce(line) or [None])[-1] for line in (first, second)]
    return rhyme_strength(*ends) >= NEAR_RHYME


def could_rhyme(line: str, said: list[str], craft: Craft = RHYMES) -> bool:
    """Whether the lexicon has a word for the end of `line` that ends none of the lines `said`."""
    end = (pronounce(line) or [None])[-1]
    used = {word.lower() for each in said for word in split_words(each)[-1:]}
    return end is not None and bool({*craft.lexicon.rhymes_with(end)} - used)
