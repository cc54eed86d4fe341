"""The trials of a study, one after another, and those that a folder already has."""

import argparse
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console

from benchmarks.finetuning.material import Lesson, lessons_of, sample_others
from benchmarks.finetuning.settings import Setting, settings_of
from benchmarks.finetuning.trial import Examiner, Trial, run_trial
from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import read_songs
from model.corpus.song import Song
from model.errors import ModelError


class Study:
    """Every setting on every lesson; what a folder already has is not done again."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.trials: list[Trial] = []
        self.failures: list[str] = []
        self._console = Console(stderr=True)
        self._out: Path | None = options.out
        self._settings = settings_of(options.base, options.vary)
        self._live = live = load_checkpoint(options.checkpoint)
        new, others = (
            read_songs(paths, None, self._console) for paths in (options.new, options.others)
        )
        self._lessons = lessons_of(new, live.artists, options.songs, options.artists, options.seed)
        self._replay = _replay(others, live, options)
        sample = sample_others(others, live.artists, options.seed)
        self._examiner = Examiner(live, sample)
        # Of all that a trial depends on; its own setting and lesson come to it.
        weights = live.model.state_dict().values()
        self._digest = _digest(
            [float(value.double().sum()) for value in weights],
            [song.text for song in (*sample, *self._replay)],
            options.threads,
        )
        if self._out is not None:
            (self._out / "trials").mkdir(parents=True, exist_ok=True)

    def run(self) -> None:
        pairs = [(setting, lesson) for setting in self._settings for lesson in self._lessons]
        for number, (setting, lesson) in enumerate(pairs, 1):
            where = f"{setting.name} · {lesson.artist} · {len(lesson.given)} songs"
            try:
                trial = self._recall_or_run(setting, lesson)
            except ModelError as error:
                self.failures.append(f"{where}: {error}")
                self._say(f"[{number}/{len(pairs)}] {where}: {error}")
                continue
            self.trials.append(trial)
            new, others = trial.new_songs, trial.others
            self._say(
                f"[{number}/{len(pairs)}] {where}: new {new.live:.3f} → {new.candidate:.3f},"
                f" others {-others.gain:+.4f}, {trial.seconds:.0f} s"
                f" ({trial.cpu_seconds:.0f} s of the processor)"
            )

    def _recall_or_run(self, setting: Setting, lesson: Lesson) -> Trial:
        path = self._path(setting, lesson)
        if path is not None and path.is_file():
            return Trial.from_dict(json.loads(path.read_text(encoding="utf-8")))
        trial = run_trial(self._live, setting, lesson, self._replay, self._examiner)
        if path is not None:
            write_json(path, asdict(trial))
        return trial

    def _path(self, setting: Setting, lesson: Lesson) -> Path | None:
        if self._out is None:
            return None
        texts = [song.text for song in (*lesson.given, *lesson.unseen)]
        digest = _digest(self._digest, asdict(setting.config), texts)
        name = f"{setting.name} {lesson.artist} {len(lesson.given)} {digest[:12]}"
        return self._out / "trials" / (re.sub(r"[^\w.=]+", "-", name) + ".json")

    def _say(self, text: str) -> None:
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def _replay(others: Sequence[Song], live: Checkpoint, options: argparse.Namespace) -> list[Song]:
    """Songs to read again, and a tenth as much that the run may measure the others by."""
    if not options.replay:
        return []
    sizes = {"train": options.replay, "validation": max(options.replay // 10, 1)}
    return [
        song
        for split, size in sizes.items()
        for song in sample_others(
            others, live.artists, options.seed, split=split, num_characters=size
        )
    ]


def _digest(*values: Any) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def write_json(path: Path, values: dict[str, Any]) -> None:
    """Whole or not at all, as it may be interrupted."""
    temporary = path.with_suffix(".tmp")
    temporary.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
    temporary.replace(path)
