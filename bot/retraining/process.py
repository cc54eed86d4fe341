"""The training child: `python -m bot.retraining.process JOB_FOLDER`.

It speaks in JSON lines on its standard output: progress, or the one error that ended it. Its
standard input must be a pipe from the bot (`orders`): when that closes, the bot has died, and so
does it.
"""

import errno
import json
import logging
import os
import shutil
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch

from bot.locale import N_, Sentence
from bot.retraining.job import (
    CURVE,
    Lyrics,
    TrainingJob,
    figures_of,
    memory_of,
    read_job,
    write_result,
)
from bot.retraining.learning import learn
from bot.retraining.orders import Orders
from bot.retraining.progress import Stage
from model.errors import ModelError
from model.training.finetune import FinetuneResult
from model.training.finetune_hooks import FinetuneHooks
from model.training.progress import FinetuneProgress
from model.training.turns import Turns

logger = logging.getLogger(__name__)

_NICENESS = 10
_SECONDS_BETWEEN_REPORTS = 0.25
_OF_THE_MODEL = (
    N_(
        "The new songs have one line each, so no line is left to test what was learned; "
        "add songs of several lines."
    ),
)
_BEGUN = 0.02  # of a run, when its first stage is
# What part each stage takes of a run that has them all; as measured with twenty songs.
_PARTS: dict[Stage, float] = {
    "replay": 0.1,
    "artists": 0.14,
    "training": 0.46,
    "interpolation": 0.06,
    "votes": 0.18,
    "measuring": 0.04,
}
_ONLY_OF_SONGS: tuple[Stage, ...] = ("artists", "training", "interpolation")


def main(arguments: Sequence[str]) -> int:
    os.nice(_NICENESS)
    orders = Orders()
    orders.follow()
    logging.basicConfig(level=logging.INFO)  # to standard error, which is the log of the run
    folder = Path(arguments[0])
    try:
        _run(folder, *read_job(folder), orders.free)
    except Exception as error:
        logger.exception("the run failed")
        _say({"error": _explain(error).as_data()})
        return 1
    return 0


def _run(folder: Path, job: TrainingJob, lyrics: Lyrics, free: threading.Event) -> None:
    torch.set_num_threads(job.num_threads)
    turns = Turns(free, job.num_threads)
    torch.set_flush_denormal(True)
    started = time.monotonic()
    has_songs = bool(lyrics.songs or lyrics.beats)
    report = _Reporter(has_songs=has_songs, has_votes=bool(lyrics.verses)).report
    hooks = FinetuneHooks(report, turns.step_aside, turns, memory_of(folder))
    learned = learn(job, lyrics, hooks)
    figures = figures_of(
        learned.result,
        learned.num_pieces,
        time.monotonic() - started,
        num_votes=job.num_votes,
        num_voters=job.num_voters,
    )
    figures |= learned.measure()
    kept = {name: value for name, value in figures.items() if name != "curve"}
    learned.save(kept, job.candidate_folder)
    _draw(learned.result, folder / CURVE, f"Training run {job.run_id}")
    if (folder / CURVE).is_file():  # the version keeps it longer than its run is kept
        shutil.copyfile(folder / CURVE, job.candidate_folder / CURVE)
    write_result(folder, figures)


def _draw(result: FinetuneResult[Any], path: Path, title: str) -> None:
    """A picture that cannot be drawn must not cost the run."""
    try:
        from bot.retraining.curve import write_curve  # matplotlib: only now, when all else is done

        write_curve(result.curve, result.new_songs, path, title)
    except Exception:
        logger.exception("the curve could not be drawn")


class _Reporter:
    """Says how far the whole run is, and sparingly."""

    def __init__(self, *, has_songs: bool = True, has_votes: bool = True) -> None:
        self._spans = _spans(has_songs=has_songs, has_votes=has_votes)
        self._started_at = time.monotonic()
        self._said_at = -1.0
        self._stage = ""
        self._begun: float | None = None  # how far it was at the first report, after a restart

    def report(self, progress: FinetuneProgress) -> None:
        now = time.monotonic()
        is_new_stage = progress.stage != self._stage
        if not is_new_stage and now - self._said_at < _SECONDS_BETWEEN_REPORTS:
            return
        self._said_at, self._stage = now, progress.stage
        begin, end = self._spans[progress.stage]
        fraction = begin + (end - begin) * progress.fraction
        if self._begun is None:
            self._begun = fraction if progress.stage != "replay" else 0.0
        done = max(fraction - self._begun, 0.01)
        _say(
            {
                "stage": progress.stage,
                "fraction": round(fraction, 4),
                "loss": progress.loss,
                "bits_per_character": progress.bits_per_character,
                "eta_s": round((now - self._started_at) * (1 - fraction) / done, 1),
            }
        )


def _spans(*, has_songs: bool, has_votes: bool) -> dict[Stage, tuple[float, float]]:
    """Where each stage begins in the whole run, and where it ends."""
    parts = {
        stage: part
        for stage, part in _PARTS.items()
        if (has_songs or stage not in _ONLY_OF_SONGS) and (has_votes or stage != "votes")
    }
    spans, begin = {}, _BEGUN
    for stage, part in parts.items():
        end = begin + (1 - _BEGUN) * part / sum(parts.values())
        spans[stage] = (begin, end)
        begin = end
    return spans


def _say(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def _explain(error: Exception) -> Sentence:
    match error:
        case ModelError():
            return _of_the_model(str(error))
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            return Sentence(N_("The disk is full; make room, and start the run again."))
        case OSError():
            unusable = N_("A file cannot be used ({error}); mend that, and start the run again.")
            return Sentence(unusable, {"error": str(error)})
        case RuntimeError() if "out of memory" in str(error) or "can't allocate" in str(error):
            return Sentence(
                N_("There is too little memory for training; free some, and start the run again.")
            )
    stopped = N_("Training stopped with an error ({error}).")
    return Sentence(stopped, {"error": f"{type(error).__name__}: {error}"})


def _of_the_model(message: str) -> Sentence:
    """The model speaks English only; what a run comes across most is translated here."""
    return Sentence(message) if message in _OF_THE_MODEL else Sentence.verbatim(message)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
