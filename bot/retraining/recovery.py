"""Putting in order, at start-up, what a bot that was killed has left: files, rows and runs."""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

from bot.config import Config
from bot.errors import OutdatedProcess
from bot.generation import GenerationService
from bot.locale import N_, Sentence
from bot.retraining.gate import judge
from bot.retraining.job import erase_lyrics, job_folders, read_result
from bot.retraining.lines import KINDS, Line, checkpoints_dir_of
from bot.retraining.promotion import follow
from bot.retraining.versions import remove_candidate
from bot.store import Store, TrainingRun

logger = logging.getLogger(__name__)

_MAX_CRASHES = 3


async def recover(
    config: Config, store: Store, generation: GenerationService
) -> TrainingRun | None:
    """The run that was cut short and is to go on, if there is one. No child may be running.

    The pointer file, and so what generation has loaded, is the truth: a run whose candidate is live
    was promoted. Every other one that came to no verdict goes on, or is dropped with a reason, and
    with its files. Raises OutdatedProcess when another process has gone on from what is live here.
    """
    lines = [Line(kind, config, generation) for kind in KINDS]
    for line in lines:
        await _refuse_if_outdated(store, line)
    live = {line.live_or_none for line in lines}
    training_dir = config.data_dir / "training"
    unfinished = await _unfinished(config, store, generation, training_dir)
    for checkpoint in await store.checkpoints.all():
        if checkpoint.state == "candidate" and checkpoint.version not in live:
            await store.checkpoints.reject(checkpoint.version)
            folder = checkpoints_dir_of(config, checkpoint.kind)
            await asyncio.to_thread(remove_candidate, folder, checkpoint.version)
    for run in await store.training_runs.recent(1):
        version = run.figures.get("candidate")
        if run.state in ("running", "interrupted") and version:
            folder = checkpoints_dir_of(config, run.kind)
            await asyncio.to_thread(remove_candidate, folder, version)
    for folder in await asyncio.to_thread(job_folders, training_dir):
        if unfinished is not None and folder.name == str(unfinished.id):
            continue
        ended = await store.training_runs.get(int(folder.name))
        if ended is None or ended.state == "interrupted":
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        else:
            await asyncio.to_thread(erase_lyrics, folder)
    return unfinished


async def drop(config: Config, store: Store, run: TrainingRun, reason: Sentence) -> None:
    """Ends a run that cannot go on; its lyrics are left to the next one."""
    logger.warning("training run %d is dropped: %s", run.id, reason)
    await store.training_runs.drop(run.id, reason)
    folder = config.data_dir / "training" / str(run.id)
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _refuse_if_outdated(store: Store, line: Line) -> None:
    version = line.live_or_none
    ours = None if version is None else await store.checkpoints.get(version)
    live = await store.checkpoints.live(line.kind)
    if ours is not None and ours.state == "retired" and live is not None:
        raise OutdatedProcess(live.version)


async def _unfinished(
    config: Config, store: Store, generation: GenerationService, training_dir: Path
) -> TrainingRun | None:
    run = await store.training_runs.latest()
    if run is None or run.state not in ("running", "interrupted"):
        return None
    folder = training_dir / str(run.id)
    if run.state == "interrupted" and not await asyncio.to_thread(folder.is_dir):
        return None  # dropped before, or the business of another machine
    line = Line(run.kind, config, generation)
    if run.state == "running" and await _was_taken(store, line, run):
        await _note_promotion(config, store, line, run)
        return None
    reason = _why_not(config, line, run)
    if reason is None:
        return run
    stopped = N_("The bot stopped while this run was under way. {reason}")
    await drop(config, store, run, Sentence(stopped, {"reason": reason}))
    return None


def _why_not(config: Config, line: Line, run: TrainingRun) -> Sentence | None:
    """Why an interrupted run does not go on."""
    if not config.retraining.enabled:
        return Sentence(N_("Training is turned off now, so it does not go on."))
    live = line.live_or_none
    if live is None:
        return Sentence(N_("There is no checkpoint of beats any more to learn on top of."))
    if run.parent_checkpoint != live:
        outdated = N_(
            "It learned on top of {parent}, and {live} is live now, so the next run begins anew."
        )
        values = {"parent": run.parent_checkpoint, "live": live}
        return Sentence(outdated, values)
    if run.state == "running" and run.num_resumed >= _MAX_CRASHES:
        given_up = N_(
            "It did so {count} times, so this run is given up: most likely there is too"
            " little memory. Free some, and start another with /retrain."
        )
        return Sentence(given_up, {"count": _MAX_CRASHES + 1})
    return None


async def _was_taken(store: Store, line: Line, run: TrainingRun) -> bool:
    """Whether its candidate is live, or tried out."""
    candidate = run.figures.get("candidate")
    shadow = await store.checkpoints.shadow()
    return candidate is not None and candidate in (
        line.live_or_none,
        shadow.version if shadow else None,
    )


async def _note_promotion(config: Config, store: Store, line: Line, run: TrainingRun) -> None:
    candidate = run.figures["candidate"]
    is_live = candidate == line.live_or_none
    if is_live and await store.checkpoints.get(candidate) is not None:
        await follow(store, line)
    folder = config.data_dir / "training" / str(run.id)
    figures = await asyncio.to_thread(_figures, folder)
    await store.training_runs.finish(
        run.id,
        "promoted",
        candidate=candidate,
        reason=judge(figures, config.retraining.max_loss_on_others).reason,
        figures=figures,
    )
    logger.info("training run %d had promoted %s before the bot stopped", run.id, run.candidate)


def _figures(folder: Path) -> dict[str, Any]:
    try:
        figures = read_result(folder)
    except (OSError, ValueError, TypeError):
        return {}
    return {name: value for name, value in figures.items() if name != "curve"}
