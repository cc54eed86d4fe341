"""Published texts in miniature, and a recipe that is trained in a moment."""

import gzip
from dataclasses import replace
from pathlib import Path

from benchmarks.language_modelling.datasets import PTB_CHARACTERS, TINY_SHAKESPEARE, Dataset

LINE = "the old man and the sea of green"
HELD_OUT_LINE = "green of sea the and man old the"  # so that there is something left to learn
NUM_LINES = {"train": 40, "valid": 24, "test": 30}

RECIPE = """
[network]
cell = "lstm"
num_layers = 1
hidden_size = 12
embedding_size = 6
tied_output = false

[training]
batch_size = 2
window = 16
learning_rate = 0.02
max_epochs = 2
num_validations = 3
patience = 100
"""


def write_gzip(path: Path, text: str) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


def small_ptb(folder: Path) -> Dataset:
    """Files as those of Penn Treebank, and a dataset that expects so many symbols."""
    for part, num_lines in NUM_LINES.items():
        line = LINE if part == "train" else HELD_OUT_LINE
        spaced = " ".join(line.replace(" ", "_"))
        write_gzip(folder / f"ptb-char-{part}.txt.gz", f" {spaced} \n" * num_lines + " ")
    files = {
        f"ptb-char-{part}.txt.gz": number * (len(LINE) + 1) for part, number in NUM_LINES.items()
    }
    return replace(PTB_CHARACTERS, files=files, num_pieces=3)


def small_shakespeare(folder: Path) -> Dataset:
    """A file as that of tinyshakespeare, and a dataset that expects so many symbols."""
    text = f"{LINE}\n" * 50
    write_gzip(folder / "tinyshakespeare.txt.gz", text)
    return replace(TINY_SHAKESPEARE, files={"tinyshakespeare.txt.gz": len(text)}, num_pieces=3)


def write_recipe(folder: Path, text: str = RECIPE) -> Path:
    path = folder / "small.toml"
    path.write_text(text, encoding="utf-8")
    return path


class Clock:
    """A clock that stands still but for `wait`."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds
