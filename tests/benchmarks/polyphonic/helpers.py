"""A classic set in miniature, and a recipe that is trained in a moment."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.io import savemat

from benchmarks.polyphonic.datasets import JSB, Dataset
from model.midi.classic_sets import Frames
from model.midi.roll import NUM_KEYS

RECIPE = """
[data]
transpose = 1

[network]
output = "bernoulli"
cell = "gru"
num_layers = 1
hidden_size = 12
embedding_size = 6
nade_size = 5
grid_steps = 4

[training]
batch_size = 4
window = 8
learning_rate = 0.02
max_epochs = 2
num_validations = 3
patience = 100
"""
LENGTHS = {"traindata": (20, 9, 31, 12), "validdata": (10, 17), "testdata": (25, 8, 13)}


def piece(length: int, first: int) -> Frames:
    """Thirds that go up a key at each step, and begin again after two octaves."""
    frames = np.zeros((length, NUM_KEYS), dtype=np.bool_)
    for time in range(length):
        key = 20 + (first + time) % 24
        frames[time, [key, key + 4]] = True
    return frames


def small_set(folder: Path) -> Dataset:
    """A file as that of the chorales, and a dataset that expects its pieces."""
    variables = {}
    for name, lengths in LENGTHS.items():
        cells = np.empty((1, len(lengths)), dtype=object)
        for number, length in enumerate(lengths):
            cells[0, number] = piece(length, 3 * number).astype(np.float64)
        variables[name] = cells
    savemat(folder / JSB.file, variables)
    num_pieces = tuple(len(lengths) for lengths in LENGTHS.values())
    num_frames = tuple(sum(lengths) for lengths in LENGTHS.values())
    assert len(num_pieces) == len(num_frames) == 3
    return replace(JSB, num_pieces=num_pieces, num_frames=num_frames)


def write_recipe(folder: Path, text: str = RECIPE) -> Path:
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path
