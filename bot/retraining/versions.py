"""The names and folders of candidates: a date and a number, such as 2026-11-21-1."""

import contextlib
import itertools
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from bot.config import Config
from bot.retraining.lines import checkpoints_dir_of, starter_of
from bot.store import CheckpointRecord, Store
from model.checkpoint_folder import MANIFEST

_NUM_RUNS_TO_ASK = 100


async def next_version(store: Store, checkpoints_dir: Path) -> str:
    """One that no checkpoint of either kind, no folder and no run has had."""
    runs = await store.training_runs.recent(_NUM_RUNS_TO_ASK)
    taken = {run.figures.get("candidate") for run in runs} | {run.candidate for run in runs}
    taken |= {checkpoint.version for checkpoint in await store.checkpoints.all()}
    today = datetime.now(UTC).date().isoformat()
    names = (f"{today}-{number}" for number in itertools.count(1))
    return next(
        name for name in names if name not in taken and not (checkpoints_dir / name).exists()
    )


def folder_of(config: Config, record: CheckpointRecord) -> Path | None:
    """Where a version lies; None where nothing is left of it. Blocks."""
    made = checkpoints_dir_of(config, record.kind) / record.version
    if record.pruned_at is None and made.is_dir():
        return made
    starter = starter_of(config, record.kind)
    try:
        manifest = json.loads((starter / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return None
    return starter if manifest.get("version") == record.version else None


def remove_candidate(checkpoints_dir: Path, version: str) -> None:
    """Its folder, and the halves of it that a killed child may have left."""
    _remove_halves(checkpoints_dir, version)
    with contextlib.suppress(OSError):
        # At once: whoever reads the folder meanwhile, as a backup does, sees all of it or nothing.
        (checkpoints_dir / version).rename(checkpoints_dir / f".{version}-removed")
    _remove_halves(checkpoints_dir, version)


def _remove_halves(checkpoints_dir: Path, version: str) -> None:
    for half in checkpoints_dir.glob(f".{version}-*"):
        shutil.rmtree(half, ignore_errors=True)
