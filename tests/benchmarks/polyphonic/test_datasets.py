"""A set is the one that was published, and is read as the paper counts it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.polyphonic.datasets import DATASETS, encoded, transposed
from model.errors import CorpusError
from model.midi.roll import NUM_KEYS
from tests.benchmarks.polyphonic.helpers import LENGTHS, piece, small_set


def test_a_set_has_its_pieces_in_their_parts(tmp_path: Path) -> None:
    pieces = small_set(tmp_path).read(tmp_path)
    assert [len(frames) for frames in pieces.training] == list(LENGTHS["traindata"])
    assert [len(frames) for frames in pieces.test] == list(LENGTHS["testdata"])
    assert np.array_equal(pieces.validation[1], piece(17, 3))


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_a_missing_file_is_one_sentence_with_its_source(name: str, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"There is no .*\.mat in .*http.*--data"):
        DATASETS[name].read(tmp_path)


def test_another_set_is_refused(tmp_path: Path) -> None:
    dataset = small_set(tmp_path)
    other = replace(dataset, num_frames=(72, 27, 47))
    with pytest.raises(CorpusError, match="would not compare"):
        other.read(tmp_path)


def test_all_frames_but_the_first_count(tmp_path: Path) -> None:
    pieces = small_set(tmp_path).read(tmp_path)
    songs = encoded(pieces.test, 0)
    assert [song.num_characters for song in songs] == [24, 7, 12]
    assert all(song.tokens.shape[1] == NUM_KEYS for song in songs)


def test_the_place_in_the_bar_is_counted_from_the_start() -> None:
    frames = piece(10, 0)
    (song,) = encoded([frames], 4)
    assert torch.equal(song.tokens[:, :NUM_KEYS].bool(), torch.from_numpy(frames))
    assert song.tokens[:, NUM_KEYS:].argmax(1).tolist() == [0, 1, 2, 3, 0, 1, 2, 3, 0, 1]
    assert int(song.tokens[:, NUM_KEYS:].sum()) == 10


def test_transpositions_move_every_key_alike_and_none_off_the_keyboard() -> None:
    low = np.zeros((3, NUM_KEYS), dtype=np.bool_)
    low[:, [1, 40]] = True
    moved = transposed([low], 2)
    assert [np.flatnonzero(frames[0]).tolist() for frames in moved] == [
        [0, 39],
        [1, 40],
        [2, 41],
        [3, 42],
    ]
    assert len(transposed([piece(9, 0)], 5)) == 11
    (same,) = transposed([low], 0)
    assert np.array_equal(same, low)
