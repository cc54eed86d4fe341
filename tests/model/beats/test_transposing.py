"""Pieces in other keys: the same piece, within what is usual in its style."""

from dataclasses import replace

import torch

from model.beats.checkpoint import Style
from model.beats.dataset import encode_roll
from model.beats.transposing import moved, transposing
from model.engine import FrameLimits
from model.midi import NUM_KEYS
from tests.factories import march

SONG = encode_roll(march(0), 0, 16)
_KEYS = SONG.tokens[:, :NUM_KEYS].any(0).nonzero().flatten()
LOWEST, HIGHEST = int(_KEYS[0]), int(_KEYS[-1])


def _shifts(limits: FrameLimits, semitones: int) -> set[int]:
    vary = transposing([Style("march", 100.0, 4, limits)], semitones)
    generator = torch.Generator().manual_seed(1)
    found = set()
    for _ in range(60):
        tokens = vary(SONG, generator).tokens
        lowest = int(tokens[:, :NUM_KEYS].any(0).nonzero()[0])
        assert torch.equal(tokens, moved(SONG.tokens, lowest - LOWEST))
        found.add(lowest - LOWEST)
    return found


def test_it_goes_up_and_down_by_as_much_as_is_said() -> None:
    assert _shifts(FrameLimits(), 3) == {-3, -2, -1, 0, 1, 2, 3}


def test_it_stays_among_the_keys_of_its_style() -> None:
    assert _shifts(FrameLimits(lowest_key=LOWEST - 1, highest_key=HIGHEST + 2), 6) == {-1, 0, 1, 2}
    assert _shifts(FrameLimits(lowest_key=LOWEST + 5, highest_key=HIGHEST - 5), 6) == {0}


def test_the_place_in_the_bar_stays() -> None:
    assert torch.equal(moved(SONG.tokens, 5)[:, NUM_KEYS:], SONG.tokens[:, NUM_KEYS:])


def test_silence_stays_silence() -> None:
    tokens = SONG.tokens.clone()
    tokens[:, :NUM_KEYS] = 0
    vary = transposing([Style("march", 100.0, 4, FrameLimits())], 6)
    silent = replace(SONG, tokens=tokens)
    assert torch.equal(vary(silent, torch.Generator()).tokens, tokens)
