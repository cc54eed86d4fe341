"""Piano rolls as the network reads them: a silent frame, then theirs, each with its place."""

from collections.abc import Iterable, Sequence

import torch
from torch.nn import functional as F

from model.beats.centring import centred
from model.beats.piece import Piece
from model.corpus.dataset import EncodedSong
from model.midi import NUM_KEYS, PianoRoll


def encode_roll(roll: PianoRoll, style: int, grid_steps: int) -> EncodedSong:
    """Encode a roll of the style with row index `style`, for a network with `grid_steps`: moved to
    the key in which it is learned.
    """
    roll = centred(roll)
    frames = torch.zeros(len(roll) + 1, NUM_KEYS + grid_steps, dtype=torch.int8)
    frames[1:, :NUM_KEYS] = torch.from_numpy(roll.frames)
    if grid_steps:
        places = torch.arange(-1, len(roll)) % roll.steps_per_bar
        frames[:, NUM_KEYS:] = F.one_hot(places, grid_steps)
    return EncodedSong(frames, style, len(roll))


def encode_pieces(
    pieces: Iterable[Piece], styles: Sequence[str], grid_steps: int
) -> list[EncodedSong]:
    """Encode pieces whose styles are all in `styles`, in the order of the embedding's rows."""
    rows = {style: row for row, style in enumerate(styles)}
    return [encode_roll(piece.roll, rows[piece.style], grid_steps) for piece in pieces]
