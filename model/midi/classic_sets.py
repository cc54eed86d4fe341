"""The classic polyphonic sets (JSB chorales, Nottingham, MuseData, Piano-midi) as files of MATLAB.

They were made by Boulanger-Lewandowski, Bengio and Vincent (ICML 2012); this layout is the one of
Bai, Kolter and Koltun (2018): `traindata`, `validdata` and `testdata`, each a row of cells with one
matrix (time, 88) of zeros and ones a piece. They are for benchmarks only, so scipy, which reads
them, comes with `make` but is nothing that the bot needs.
"""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import CorpusError
from model.midi.roll import NUM_KEYS

Frames = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ClassicSet:
    """The pieces of each part, in the order of the file: frames (time, NUM_KEYS), bool."""

    training: tuple[Frames, ...]
    validation: tuple[Frames, ...]
    test: tuple[Frames, ...]


def read_classic_set(path: Path) -> ClassicSet:
    """Raises CorpusError when the file is missing, damaged or laid out in another way."""
    variables = _variables(path)
    return ClassicSet(
        _pieces(path, variables, "traindata"),
        _pieces(path, variables, "validdata"),
        _pieces(path, variables, "testdata"),
    )


def _variables(path: Path) -> dict[str, Any]:
    try:
        from scipy.io import loadmat
    except ModuleNotFoundError as error:
        raise CorpusError(
            "Reading .mat files needs scipy. Install it: pip install scipy"
        ) from error
    try:
        variables: dict[str, Any] = loadmat(BytesIO(path.read_bytes()))
    except OSError as error:
        raise CorpusError(f"{path} cannot be read: {error.strerror}.") from error
    except Exception as error:
        # scipy names no error of its own for what a damaged file can run into.
        raise CorpusError(f"{path} is no .mat file, or is damaged. Fetch it again.") from error
    return variables


def _pieces(path: Path, variables: dict[str, Any], name: str) -> tuple[Frames, ...]:
    cells = variables.get(name)
    if not isinstance(cells, np.ndarray) or cells.dtype != object or not cells.size:
        raise CorpusError(f"{path} has no cells called {name}. Is it one of the classic sets?")
    return tuple(_frames(path, name, cell) for cell in cells.ravel())


def _frames(path: Path, name: str, cell: Any) -> Frames:
    is_matrix = isinstance(cell, np.ndarray) and cell.ndim == 2 and cell.shape[1] == NUM_KEYS
    if not is_matrix or not np.isin(cell, (0, 1)).all():
        raise CorpusError(f"{path} has something else than frames of {NUM_KEYS} keys in {name}.")
    frames: Frames = cell.astype(np.bool_)
    return frames
