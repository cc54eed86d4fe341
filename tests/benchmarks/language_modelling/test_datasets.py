"""A published text is read as its publishers meant it, or refused with where to get it."""

import itertools
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from benchmarks.language_modelling.datasets import DATASETS, Dataset, pieces
from model.errors import CorpusError
from tests.benchmarks.language_modelling.helpers import (
    HELD_OUT_LINE,
    LINE,
    NUM_LINES,
    small_ptb,
    small_shakespeare,
    write_gzip,
)


@pytest.fixture
def ptb(tmp_path: Path) -> Dataset:
    return small_ptb(tmp_path)


def test_spaced_characters_become_symbols_and_line_ends_count(tmp_path: Path, ptb: Dataset) -> None:
    text = ptb.read(tmp_path)
    assert text.alphabet == "".join(sorted({*LINE, "\n"}))
    shown = "".join(text.alphabet[row] for row in text.test.tolist())
    assert shown == f"{HELD_OUT_LINE}\n" * NUM_LINES["test"]
    assert text.train.numel() == NUM_LINES["train"] * (len(LINE) + 1)


def test_the_last_tenth_of_tinyshakespeare_validates_and_nothing_tests(tmp_path: Path) -> None:
    text = small_shakespeare(tmp_path).read(tmp_path)
    total = 50 * (len(LINE) + 1)
    assert text.train.numel() == int(0.9 * total)
    assert text.train.numel() + text.validation.numel() == total
    assert text.test.numel() == 0


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_a_missing_file_is_one_sentence_with_its_source(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"There is no .*gz in .*http.*--data"):
        DATASETS[name].read(tmp_path)


def test_another_number_of_symbols_is_refused(tmp_path: Path, ptb: Dataset) -> None:
    write_gzip(tmp_path / "ptb-char-valid.txt.gz", "a b c\n")
    with pytest.raises(CorpusError, match=r"has 4 symbols, not 792"):
        ptb.read(tmp_path)


@pytest.mark.parametrize("keep", [4, 30])
def test_a_damaged_file_is_one_sentence(keep: int, tmp_path: Path, ptb: Dataset) -> None:
    path = tmp_path / "ptb-char-train.txt.gz"
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(CorpusError, match="cannot be read"):
        ptb.read(tmp_path)


def test_a_held_out_symbol_that_training_never_shows_is_refused(
    tmp_path: Path, ptb: Dataset
) -> None:
    write_gzip(tmp_path / "ptb-char-test.txt.gz", "a ¶ b\n")
    with pytest.raises(CorpusError, match="¶"):
        replace(ptb, files={**ptb.files, "ptb-char-test.txt.gz": 4}).read(tmp_path)


@pytest.mark.parametrize(("length", "num_pieces"), [(101, 4), (103, 4), (50, 7), (9, 1)])
def test_every_symbol_but_the_first_is_told_once(length: int, num_pieces: int) -> None:
    symbols = torch.arange(length)
    parts = pieces(symbols, num_pieces)
    targets = [token for part in parts for token in part.tokens[1:].tolist()]
    assert targets == list(range(1, length))
    assert sum(part.num_characters for part in parts) == length - 1
    for one, other in itertools.pairwise(parts):
        assert one.tokens[-1] == other.tokens[0]
    sizes = {part.num_characters for part in parts}
    assert max(sizes) - min(sizes) <= 1
