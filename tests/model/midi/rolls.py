"""Rolls for property tests."""

import numpy as np
from hypothesis import strategies as st

from model.midi import NUM_KEYS, PianoRoll
from model.midi.reader import MAX_STEPS_PER_BEAT


@st.composite
def rolls(draw: st.DrawFn) -> PianoRoll:
    """Some keys held for a while each, at least one; silence before, between and after."""
    length = draw(st.integers(1, 120))
    frames = np.zeros((length, NUM_KEYS), dtype=np.bool_)
    span = st.tuples(
        st.integers(0, NUM_KEYS - 1), st.integers(0, length - 1), st.integers(1, length)
    )
    for key, start, duration in draw(st.lists(span, min_size=1, max_size=12)):
        frames[start : start + duration, key] = True
    return PianoRoll(
        frames,
        steps_per_beat=draw(st.integers(1, MAX_STEPS_PER_BEAT)),
        beats_per_bar=draw(st.integers(1, 16)),
        tempo=draw(st.integers(1000, 50_000)) / 100,
    )
