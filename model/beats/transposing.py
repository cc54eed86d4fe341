"""The same piece in other keys, so that a few pieces teach all of them."""

from collections.abc import Sequence
from dataclasses import replace

import torch

from model.beats.checkpoint import Style
from model.corpus.dataset import EncodedSong
from model.corpus.stream import Vary
from model.midi import NUM_KEYS


def transposing(styles: Sequence[Style], semitones: int) -> Vary:
    """Moves a piece by a number of semitones drawn up to `semitones` up or down, so that its keys
    stay among those that are usual in its style: what is learned lies where it will be written.
    """

    def vary(song: EncodedSong, generator: torch.Generator) -> EncodedSong:
        limits = styles[song.artist].limits
        keys = song.tokens[:, :NUM_KEYS].any(0).nonzero().flatten()
        if not len(keys):
            return song
        down = max(0, min(semitones, int(keys[0]) - limits.lowest_key))
        up = max(0, min(semitones, limits.highest_key - int(keys[-1])))
        shift = int(torch.randint(-down, up + 1, (), generator=generator))
        return replace(song, tokens=moved(song.tokens, shift))

    return vary


def moved(tokens: torch.Tensor, shift: int) -> torch.Tensor:
    """Frames (time, frame_width) with every key `shift` higher; the place in the bar stays."""
    keys = tokens[:, :NUM_KEYS].roll(shift, dims=1)
    return torch.cat([keys, tokens[:, NUM_KEYS:]], dim=1)
