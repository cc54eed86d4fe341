"""What the training child does with a job of either kind: learn, be measured, be saved."""

import base64
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.retraining.beat_measuring import measure_beats
from bot.retraining.job import Lyrics, TrainingJob
from bot.retraining.kin import kin_of
from bot.retraining.measuring import measure
from model.beats.checkpoint import load_beat_checkpoint, save_beat_checkpoint
from model.beats.piece import Piece
from model.checkpoint import load_checkpoint, save_checkpoint
from model.errors import CheckpointError
from model.midi import read_midi
from model.training.finetune import FinetuneResult, finetune
from model.training.finetune_beats import finetune_beats
from model.training.finetune_hooks import FinetuneHooks

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Learned:
    """`measure` gives what the gate is told beside the result's own figures, and `save` writes the
    candidate with all figures into a folder.
    """

    result: FinetuneResult[Any]
    num_pieces: int
    measure: Callable[[], Figures]
    save: Callable[[Figures, Path], None]


def learn(job: TrainingJob, lyrics: Lyrics, hooks: FinetuneHooks) -> Learned:
    """Raises CheckpointError when what the job builds on is another version by now."""
    return (_learn_beats if job.kind == "beats" else _learn_lyrics)(job, lyrics, hooks)


def _learn_lyrics(job: TrainingJob, lyrics: Lyrics, hooks: FinetuneHooks) -> Learned:
    live = load_checkpoint(job.live_folder, job.device)
    _require(job, live.version)
    result = finetune(
        live,
        job.candidate,
        lyrics.songs,
        lyrics.replay,
        job.config,
        hooks,
        lyrics.verses,
        kin=kin_of(lyrics.songs, live.artists),
    )
    candidate = result.candidate
    return Learned(
        result,
        len(lyrics.songs),
        lambda: measure(live, candidate, lyrics, job.config.seed, hooks.step_aside),
        lambda figures, folder: save_checkpoint(replace(candidate, figures=figures), folder),
    )


def _learn_beats(job: TrainingJob, lyrics: Lyrics, hooks: FinetuneHooks) -> Learned:
    live = load_beat_checkpoint(job.live_folder, job.device)
    _require(job, live.version)
    pieces = [
        Piece(
            each.style,
            each.title,
            read_midi(base64.b64decode(each.midi), steps_per_beat=live.steps_per_beat),
        )
        for each in lyrics.beats
    ]
    result = finetune_beats(live, job.candidate, pieces, job.config, hooks)
    candidate = result.candidate
    return Learned(
        result,
        len(pieces),
        lambda: measure_beats(live, candidate, pieces, job.config.seed, hooks.step_aside),
        lambda figures, folder: save_beat_checkpoint(replace(candidate, figures=figures), folder),
    )


def _require(job: TrainingJob, version: str) -> None:
    if version != job.live_version:
        raise CheckpointError(
            f"{job.live_folder} holds {version}, not {job.live_version}; restart the bot."
        )
