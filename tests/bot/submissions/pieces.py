"""Small pieces of music, each seed another."""

import random

import numpy as np

from model.midi import NUM_KEYS, PianoRoll, write_midi


def piece(
    seed: int = 1, *, num_bars: int = 8, higher: int = 0, beats_per_bar: int = 4
) -> PianoRoll:
    """A melody of quavers over one low chord a bar, `higher` by so many keys."""
    draw = random.Random(seed)
    steps_per_bar = 4 * beats_per_bar
    frames = np.zeros((num_bars * steps_per_bar, NUM_KEYS), dtype=np.bool_)
    key = 45 + higher
    for bar in range(0, len(frames), steps_per_bar):
        root = draw.choice((20, 22, 25, 27)) + higher
        for chord_key in (root, root + draw.choice((3, 4)), root + 7):
            frames[bar : bar + steps_per_bar - 1, chord_key] = True
        for step in range(bar, bar + steps_per_bar, 2):
            key = min(
                max(key + draw.choice((-5, -3, -2, -1, 1, 2, 3, 5)), 38 + higher), 60 + higher
            )
            frames[step : step + 2, key] = True
    return PianoRoll(frames, beats_per_bar=beats_per_bar, tempo=96.0)


def midi(seed: int = 1, **options: int) -> bytes:
    return write_midi(piece(seed, **options))
