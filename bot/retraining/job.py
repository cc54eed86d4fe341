"""What the bot and the training child exchange: a folder with a job in it, and later its result.

`job.json`, `songs.jsonl`, `replay.jsonl`, `verses.jsonl` and `beats.jsonl` go in; `result.json`,
`curve.png` and `child.log` come out. In `memory` the child keeps what it goes on from after a
restart. That, the lyrics, the verses and the beats are erased when the run has ended.
"""

import dataclasses
import hashlib
import json
import math
import os
import shutil
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.store import LessonKind
from model.config import FinetuneConfig
from model.corpus.song import Song
from model.training.finetune import FinetuneResult
from model.training.finetune_memory import FinetuneMemory
from model.training.preferences import JudgedVerse

CURVE = "curve.png"
LOG = "child.log"
_JOB, _RESULT = "job.json", "result.json"
_SONGS, _REPLAY, _VERSES = "songs.jsonl", "replay.jsonl", "verses.jsonl"
_BEATS = "beats.jsonl"
_LESSONS = (_SONGS, _REPLAY, _VERSES, _BEATS)
_MEMORY = "memory"


@dataclass(frozen=True, slots=True)
class BeatToLearn:
    """`midi` is in base64; `style` is a voice, as an artist's is."""

    style: str
    title: str
    midi: str


_Record = TypeVar("_Record", Song, JudgedVerse, BeatToLearn)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingJob:
    """What to learn on top of what, and where to leave the candidate."""

    run_id: int
    live_version: str
    live_folder: Path
    candidate: str
    candidate_folder: Path
    device: str
    num_threads: int
    config: FinetuneConfig
    replay_ids: list[int] = field(default_factory=list)  # the lyrics that are read again
    num_votes: int = 0
    num_voters: int = 0
    kind: LessonKind = "lyrics"


@dataclass(frozen=True, slots=True)
class Lyrics:
    """New songs, old ones to read again, and verses that people have voted on; or new beats."""

    songs: list[Song]
    replay: list[Song]
    verses: list[JudgedVerse] = field(default_factory=list)
    beats: list[BeatToLearn] = field(default_factory=list)


def write_job(folder: Path, job: TrainingJob, lyrics: Lyrics) -> None:
    """Also in place of one of which a restart has left something."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _RESULT).unlink(missing_ok=True)
    _write_records(folder / _SONGS, lyrics.songs)
    _write_records(folder / _REPLAY, lyrics.replay)
    _write_records(folder / _VERSES, lyrics.verses)
    _write_records(folder / _BEATS, lyrics.beats)
    values = {**asdict(job), "config": asdict(job.config)}
    _write_json(folder / _JOB, values)


def read_job(folder: Path) -> tuple[TrainingJob, Lyrics]:
    values = json.loads((folder / _JOB).read_text(encoding="utf-8"))
    values["config"] = FinetuneConfig.from_dict(values["config"])
    for name in ("live_folder", "candidate_folder"):
        values[name] = Path(values[name])
    lyrics = Lyrics(
        _read_records(folder / _SONGS, Song),
        _read_records(folder / _REPLAY, Song),
        _read_records(folder / _VERSES, JudgedVerse),
        _read_records(folder / _BEATS, BeatToLearn),
    )
    return TrainingJob(**values), lyrics


def memory_of(folder: Path) -> FinetuneMemory:
    """What an earlier life of the child has left of this very job."""
    values = json.loads((folder / _JOB).read_bytes())
    taught = {name: value for name, value in values.items() if not name.startswith("candidate")}
    digest = hashlib.sha256(json.dumps(taught).encode())
    for name in _LESSONS:
        digest.update((folder / name).read_bytes())
    return FinetuneMemory(folder / _MEMORY, digest.hexdigest())


def replay_ids_of(folder: Path) -> list[int]:
    """Of a job that was perhaps not written."""
    try:
        return [int(each) for each in json.loads((folder / _JOB).read_bytes())["replay_ids"]]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def erase_lyrics(folder: Path) -> None:
    """What members handed in is kept in the database alone, where it can be withdrawn."""
    shutil.rmtree(folder / _MEMORY, ignore_errors=True)
    for name in _LESSONS:
        (folder / name).unlink(missing_ok=True)


def figures_of(
    result: FinetuneResult[Any],
    num_songs: int,
    seconds: float,
    *,
    num_votes: int = 0,
    num_voters: int = 0,
) -> dict[str, Any]:
    """As JSON: no NaN, which databases refuse; null is in its place."""
    figures = {
        "new_songs": asdict(result.new_songs) if result.new_songs else None,
        "artists": {name: asdict(each) for name, each in result.artists.items()},
        "others": asdict(result.others),
        "votes": {"num_votes": num_votes, "num_voters": num_voters, **asdict(result.votes)}
        if result.votes
        else None,
        "num_songs": num_songs,
        "seconds": round(seconds, 1),
        "curve": [asdict(point) for point in result.curve],
    }
    return {name: _finite(value) for name, value in figures.items()}


def write_result(folder: Path, figures: dict[str, Any]) -> None:
    """Last of all: its presence says that the candidate and the curve are complete."""
    _write_json(folder / _RESULT, figures)


def read_result(folder: Path) -> dict[str, Any]:
    """Raises OSError, ValueError or TypeError where there is none."""
    figures = json.loads((folder / _RESULT).read_text(encoding="utf-8"))
    if not isinstance(figures, dict):
        raise TypeError(f"{folder / _RESULT} holds no figures")
    return figures


def prune(training_dir: Path, num_kept: int) -> None:
    """Removes all but the newest job folders."""
    for folder in sorted(job_folders(training_dir), key=lambda path: int(path.name))[:-num_kept]:
        shutil.rmtree(folder, ignore_errors=True)


def job_folders(training_dir: Path) -> list[Path]:
    """Those of all runs; a folder's name is the number of its run."""
    if not training_dir.is_dir():
        return []
    return [path for path in training_dir.iterdir() if path.name.isdecimal() and path.is_dir()]


def _write_records(path: Path, records: Iterable[_Record]) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(asdict(each), ensure_ascii=False) + "\n" for each in records)


def _read_records(path: Path, kind: type[_Record]) -> list[_Record]:
    names = [field.name for field in dataclasses.fields(kind)]
    with path.open(encoding="utf-8") as file:
        records = map(json.loads, file)
        return [kind(**{name: record[name] for name in names}) for record in records]


def _write_json(path: Path, values: dict[str, Any]) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(values, file, ensure_ascii=False, indent=1, default=str)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
