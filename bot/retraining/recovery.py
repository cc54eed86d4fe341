"""Putting in order, at start-up, what a bot that was killed has left: files, rows and runs."""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Any

from bot.errors import OutdatedProcess
from bot.generation import GenerationService
from bot.retraining.gate import judge
from bot.retraining.job import erase_lyrics, job_folders, read_result
from bot.retraining.promotion import follow
from bot.retraining.versions import remove_candidate
from bot.store import Store, TrainingRun

logger = logging.getLogger(__name__)


async def recover(
    store: Store,
    generation: GenerationService,
    *,
    training_dir: Path,
    checkpoints_dir: Path,
    max_loss_on_others: float,
) -> None:
    """No child may be running. The pointer file, and so what generation has loaded, is the truth.

    A run whose candidate is live was promoted; every other one that says it is running was
    interrupted, and its candidate and its folder go. Raises OutdatedProcess when the database says
    that another process has gone on from what is live here.
    """
    await _refuse_if_outdated(store, generation)
    latest = await store.training_runs.latest()
    if latest is not None and latest.state == "running":
        await _end(latest, store, generation, training_dir, max_loss_on_others)
    for checkpoint in await store.checkpoints.all():
        if checkpoint.state == "candidate" and checkpoint.version != generation.live_version:
            await store.checkpoints.reject(checkpoint.version)
            await asyncio.to_thread(remove_candidate, checkpoints_dir, checkpoint.version)
    for run in await store.training_runs.recent(1):
        version = run.figures.get("candidate")
        if run.state == "interrupted" and version:
            await asyncio.to_thread(remove_candidate, checkpoints_dir, version)
    for folder in await asyncio.to_thread(job_folders, training_dir):
        ended = await store.training_runs.get(int(folder.name))
        if ended is None or ended.state == "interrupted":
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        else:
            await asyncio.to_thread(erase_lyrics, folder)


async def _refuse_if_outdated(store: Store, generation: GenerationService) -> None:
    ours = await store.checkpoints.get(generation.live_version)
    live = await store.checkpoints.live()
    if ours is not None and ours.state == "retired" and live is not None:
        raise OutdatedProcess(live.version)


async def _end(
    run: TrainingRun,
    store: Store,
    generation: GenerationService,
    training_dir: Path,
    max_loss_on_others: float,
) -> None:
    if run.figures.get("candidate") != generation.live_version:
        logger.warning("training run %d was interrupted when the bot stopped", run.id)
        await store.training_runs.mark_interrupted()
        return
    if await store.checkpoints.get(generation.live_version) is not None:
        await follow(store, generation)
    figures = await asyncio.to_thread(_figures, training_dir / str(run.id))
    await store.training_runs.finish(
        run.id,
        "promoted",
        candidate=generation.live_version,
        reason=judge(figures, max_loss_on_others).reason,
        figures=figures,
    )
    logger.info("training run %d had promoted %s before the bot stopped", run.id, run.candidate)


def _figures(folder: Path) -> dict[str, Any]:
    try:
        figures = read_result(folder)
    except (OSError, ValueError, TypeError):
        return {}
    return {name: value for name, value in figures.items() if name != "curve"}
