"""Which songs are held out: by song, and the same on every machine for ever."""

import hashlib
from typing import Literal

Split = Literal["train", "validation", "test"]

NUM_BUCKETS = 20


def split_of(artist: str, title: str) -> Split:
    """One song in twenty validates and one tests, whatever else is in the corpus."""
    digest = hashlib.sha256(f"{artist}\n{title}".encode()).digest()
    match int.from_bytes(digest, "big") % NUM_BUCKETS:
        case 0:
            return "validation"
        case 1:
            return "test"
        case _:
            return "train"
