"""Published texts, read from a folder and checked to be those that the published figures are of."""

import gzip
import itertools
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from model.corpus.dataset import EncodedSong
from model.errors import CorpusError


class Texts(NamedTuple):
    """One character a symbol; `test` is empty where nobody published one."""

    train: str
    validation: str
    test: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A published text: its files with the number of symbols in each, and where to get them.

    `symbols_of` turns what a file says into symbols, and `split` the files into parts. Held-out
    text is scored in `num_pieces`: see `pieces`.
    """

    name: str
    files: Mapping[str, int]
    source: str
    symbols_of: Callable[[str], str]
    split: Callable[[list[str]], Texts]
    num_pieces: int

    def read(self, folder: Path) -> "CharacterText":
        """The text in `folder`; CorpusError when a file is missing, damaged or another."""
        return _encoded(self.split([self._read_file(folder / name) for name in self.files]))

    def _read_file(self, path: Path) -> str:
        try:
            with gzip.open(path, "rt", encoding="utf-8") as file:
                symbols = self.symbols_of(file.read())
        except FileNotFoundError:
            raise CorpusError(
                f"There is no {path.name} in {path.parent}. {self.source} "
                "Compress each with gzip, and give their folder with --data."
            ) from None
        except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
            raise CorpusError(f"{path} cannot be read ({error}). {self.source}") from error
        expected = self.files[path.name]
        if len(symbols) != expected:
            raise CorpusError(
                f"{path} has {len(symbols):,} symbols, not {expected:,}: figures of it would not "
                f"compare with published ones. {self.source}"
            )
        return symbols


@dataclass(frozen=True, slots=True, eq=False)
class CharacterText:
    """The parts of a text as rows of its alphabet, int64 (symbols,); `test` may be empty.

    The alphabet is that of the training part.
    """

    alphabet: str
    train: Tensor
    validation: Tensor
    test: Tensor


def pieces(symbols: Tensor, num_pieces: int) -> list[EncodedSong]:
    """Contiguous pieces to be scored side by side, each from an empty state.

    A piece begins with the last symbol of the one before it, so that every symbol but the first of
    all is told by others exactly once. To begin anew so few times costs about 0.001 bits.
    """
    num_targets = symbols.numel() - 1
    bounds = [num_targets * number // num_pieces for number in range(num_pieces + 1)]
    return [
        EncodedSong(symbols[start : end + 1], 0, num_characters=end - start)
        for start, end in itertools.pairwise(bounds)
    ]


def _encoded(texts: Texts) -> CharacterText:
    alphabet = "".join(sorted(set(texts.train)))
    rows = {symbol: row for row, symbol in enumerate(alphabet)}
    if unknown := sorted(set(texts.validation + texts.test) - set(rows)):
        raise CorpusError(
            f"The training part never shows {''.join(unknown)!r}, which the held-out part has; "
            "get the files anew."
        )
    return CharacterText(alphabet, *(torch.tensor([rows[each] for each in part]) for part in texts))


def _without_spacing(text: str) -> str:
    """Characters stand between spaces, a real space as `_`; each line is a sentence."""
    lines = ("".join(line.split()).replace("_", " ") for line in text.split("\n"))
    return "".join(f"{line}\n" for line in lines if line)


def _as_it_is(text: str) -> str:
    return text


def _in_three_files(files: list[str]) -> Texts:
    return Texts(*files)


def _last_tenth_held_out(files: list[str]) -> Texts:
    """The split of nanoGPT, which has no test part."""
    (text,) = files
    border = int(0.9 * len(text))
    return Texts(text[:border], text[border:], "")


PTB_CHARACTERS = Dataset(
    "ptb-char",
    {
        "ptb-char-train.txt.gz": 5_017_482,
        "ptb-char-valid.txt.gz": 393_042,
        "ptb-char-test.txt.gz": 442_423,
    },
    "These are Penn Treebank's characters as Mikolov prepared them: data/ptb.char.train.txt, "
    "ptb.char.valid.txt and ptb.char.test.txt of "
    "http://www.fit.vutbr.cz/~imikolov/rnnlm/simple-examples.tgz.",
    _without_spacing,
    _in_three_files,
    num_pieces=32,
)
TINY_SHAKESPEARE = Dataset(
    "tinyshakespeare",
    {"tinyshakespeare.txt.gz": 1_115_394},
    "It is data/tinyshakespeare/input.txt of https://github.com/karpathy/char-rnn.",
    _as_it_is,
    _last_tenth_held_out,
    num_pieces=16,
)
DATASETS = {dataset.name: dataset for dataset in (PTB_CHARACTERS, TINY_SHAKESPEARE)}
