"""Lyrics to hand in, made up line by line, never the same twice."""

import random

_ADJECTIVES = ("copper", "hollow", "quiet", "crooked", "golden", "restless", "paper", "winter")
_NOUNS = ("engine", "lantern", "window", "river", "shadow", "signal", "station", "feather")
_VERBS = ("hums", "turns", "burns", "waits", "falls", "rolls", "sleeps", "calls")
_PLACES = ("under the stairs", "down by the wall", "over the bridge", "out in the rain")
_NUM_LINES = 12


def write_song(rng: random.Random) -> str:
    """Clean already: what is stored is what was typed."""
    lines = [_line(rng) for _ in range(_NUM_LINES)]
    half = _NUM_LINES // 2
    return "\n".join([*lines[:half], "", *lines[half:]])


def _line(rng: random.Random) -> str:
    words = (rng.choice(each) for each in (_ADJECTIVES, _NOUNS, _VERBS, _PLACES))
    return " ".join(("The", *words))
