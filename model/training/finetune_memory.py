"""What a fine-tune keeps on disk to go on after an interruption, as if there had been none.

Two files, each replaced as a whole: the text that was sampled to remember the others by, and how
things stood at the last validation. Tensors are safetensors, with the rest as JSON in their header.
"""

import json
import logging
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from model.corpus.dataset import EncodedSong
from model.training.finetune_choice import Candidate, Reading
from model.training.progress import FinetunePoint, RunState, Stage
from model.training.run_folder import replace_file

logger = logging.getLogger(__name__)

_REPLAY, _STANDING = "replay.safetensors", "standing.safetensors"
_MOST_OF_THE_TIME = 0.05  # that keeping may take


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A fine-tune at a validation. `begun` is what was kept when the stage began, `best` what has
    read the new songs best in it; `tensors` are those of its trainer.
    """

    stage: Stage
    begun: Candidate
    best: Candidate
    kept: Candidate
    latest: Reading
    curve: Sequence[FinetunePoint]
    run: RunState
    tensors: dict[str, Tensor]


class FinetuneMemory:
    """In a folder of its own, which holds nothing that was begun with anything but `key`.

    Without a folder nothing is kept. A disk that is full costs what could have been resumed, never
    the run.
    """

    def __init__(self, folder: Path | None = None, key: str = "") -> None:
        self._folder = folder
        self._key = key
        self._began_at = time.monotonic()
        self._spent_s = 0.0
        self.resumed = self._load()

    def replay(self, sample: Callable[[], list[EncodedSong]]) -> list[EncodedSong]:
        """The songs of an earlier life, or those that `sample` makes now."""
        if self._folder is None:
            return sample()
        if (kept := _read(self._folder / _REPLAY, self._key)) is not None:
            tensors, values = kept
            parts = torch.split(tensors["tokens"], values["lengths"])
            rests = values["songs"]
            return [EncodedSong(part, *rest) for part, rest in zip(parts, rests, strict=True)]
        songs = sample()
        values = {
            "lengths": [len(song.tokens) for song in songs],
            "songs": [_rest_of(song) for song in songs],
        }
        self._write(_REPLAY, {"tokens": torch.cat([song.tokens for song in songs])}, values)
        return songs

    def keep(self, look: Callable[[], Standing]) -> None:
        """How things stand, unless keeping it has taken too much of the time already."""
        began = time.monotonic()
        if self._folder is None or self._spent_s > _MOST_OF_THE_TIME * (began - self._began_at):
            return
        self._write(_STANDING, *_packed(look()))
        self._spent_s += time.monotonic() - began

    def _load(self) -> Standing | None:
        if self._folder is None or not self._folder.is_dir():
            return None
        if (kept := _read(self._folder / _STANDING, self._key)) is not None:
            return _unpacked(*kept)
        if _read(self._folder / _REPLAY, self._key) is None:
            shutil.rmtree(self._folder)  # of something else: lyrics that were withdrawn, perhaps
        return None

    def _write(self, name: str, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
        if self._folder is None:
            return
        path = self._folder / name
        header = {"key": self._key, "values": json.dumps(values)}
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            replace_file(path, lambda temporary: save_file(tensors, temporary, header))
        except (OSError, SafetensorError):
            logger.exception("the run could not be kept, so a restart would begin it anew")
            path.with_suffix(".tmp").unlink(missing_ok=True)


def _read(path: Path, key: str) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
    """None where there is nothing whole of that key."""
    try:
        with safe_open(path, "pt") as file:
            header = file.metadata() or {}
            if header.get("key") != key:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            return tensors, json.loads(header["values"])
    except FileNotFoundError:
        return None
    except (OSError, SafetensorError, ValueError):
        logger.warning("%s is damaged, so it is begun anew", path, exc_info=True)
        return None


def _packed(standing: Standing) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Weights that are the same are kept once."""
    candidates: list[Candidate] = []

    def place(candidate: Candidate) -> int:
        for index, known in enumerate(candidates):
            if known.reading == candidate.reading:
                return index
        candidates.append(candidate)
        return len(candidates) - 1

    places = [place(each) for each in (standing.begun, standing.best, standing.kept)]
    tensors = {f"trainer.{name}": value for name, value in standing.tensors.items()}
    for index, candidate in enumerate(candidates):
        tensors |= {f"{index}.{name}": value for name, value in candidate.weights.items()}
    values = {
        "stage": standing.stage,
        "places": places,
        "readings": [candidate.reading for candidate in candidates],
        "latest": standing.latest,
        "curve": [asdict(point) for point in standing.curve],
        "run": json.loads(standing.run.to_json()),
    }
    return {name: value.detach().cpu().contiguous() for name, value in tensors.items()}, values


def _unpacked(tensors: dict[str, Tensor], values: dict[str, Any]) -> Standing:
    candidates = [
        Candidate(_named(f"{index}.", tensors), Reading(*reading))
        for index, reading in enumerate(values["readings"])
    ]
    begun, best, kept = (candidates[place] for place in values["places"])
    return Standing(
        values["stage"],
        begun,
        best,
        kept,
        Reading(*values["latest"]),
        [FinetunePoint(**point) for point in values["curve"]],
        RunState.from_dict(values["run"]),
        _named("trainer.", tensors),
    )


def _named(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in tensors.items()
        if name.startswith(prefix)
    }


def _rest_of(song: EncodedSong) -> Iterable[int | float]:
    return (song.artist, song.num_characters, song.num_unknown, song.spelling_nats)
