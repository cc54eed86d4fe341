"""Bach's chorales out of music21's wheel, as far as nothing in their files reserves any rights.

Bach died in 1750, and his chorales are in the public domain. Of music21's encodings, its licence
file says that some have restrictions, which stand in the files themselves. So a file that names
any holder of rights, be it only of an engraving, is left out, and all in Humdrum's format, whose
encoders reserve every use. Of what is left nothing is taken but which note sounds when.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.beat_corpus.musicxml import read_score
from model.errors import CorpusError
from model.midi import PianoRoll

_FOLDER = "music21/corpus/bach/"
_NOTICE = re.compile(r"©|\(c\)|copyright|licen[cs]e|rights|permission", re.IGNORECASE)
_NUM_PARTS = 4


class Chorales:
    """Those of a wheel; afterwards `num_reserved` and `num_others` say how many were left out."""

    def __init__(self, wheel: Path) -> None:
        self._wheel = wheel
        self.num_reserved = 0
        self.num_others = 0

    def read(self) -> Iterator[tuple[str, PianoRoll]]:
        """Each chorale in four parts and common time, by name, none of them twice."""
        seen: set[bytes] = set()
        for name, text in self._files():
            if _NOTICE.search(text):
                self.num_reserved += 1
                continue
            score = read_score(text)
            if score is None or score.num_parts != _NUM_PARTS:
                self.num_others += 1
                continue
            mark = _in_any_key(score.roll)
            if mark in seen:
                self.num_others += 1
                continue
            seen.add(mark)
            yield name, score.roll

    def _files(self) -> Iterator[tuple[str, str]]:
        try:
            with zipfile.ZipFile(self._wheel) as wheel:
                names = [name for name in wheel.namelist() if name.startswith(_FOLDER)]
                for name in sorted(name for name in names if name.endswith(".mxl")):
                    yield Path(name).stem, _unpacked(wheel.read(name))
        except (OSError, zipfile.BadZipFile) as error:
            raise CorpusError(
                f"{self._wheel} is no wheel that can be read ({error}); get it by "
                "'python -m pip download --no-deps music21'."
            ) from error


def _unpacked(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = (
            name
            for name in archive.namelist()
            if not name.startswith("META-INF") and name.endswith((".xml", ".musicxml"))
        )
        return archive.read(name).decode("utf-8")


def _in_any_key(roll: PianoRoll) -> bytes:
    """The same for a piece and all its transpositions."""
    lowest = np.flatnonzero(roll.frames.any(axis=0))[0]
    return np.packbits(np.roll(roll.frames, -lowest, axis=1)).tobytes()
