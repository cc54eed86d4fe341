"""Old versions leave the disk, by a rule that never takes what somebody may still need.

The row of a version and its figures stay for ever; what goes is its folder, and `pruned_at` says
so. After a crash between the two the next look brings them in line.
"""

import asyncio
import logging
import shutil
from collections.abc import Iterable
from pathlib import Path

from bot.errors import CheckpointError, NoSuchCheckpoint
from bot.generation.registry import Pointer, read_pointer
from bot.retraining.versions import remove_candidate
from bot.store import CheckpointRecord, LessonKind, Store

logger = logging.getLogger(__name__)

_GONE = ("retired", "rejected")  # of what state a version may be that goes


async def prune_versions(
    store: Store,
    checkpoints_dir: Path,
    num_kept: int,
    in_use: Iterable[str] = (),
    kind: LessonKind = "lyrics",
) -> list[str]:
    """The versions of a kind whose folders went. Call it under the right to train.

    Kept are the `num_kept` that were live last, and beyond them whatever is live, a candidate, a
    shadow or pinned, the parent of the live one, what the pointer file names, and `in_use`.
    """
    records = [each for each in await store.checkpoints.all() if each.kind == kind]
    try:
        pointer = await asyncio.to_thread(read_pointer, checkpoints_dir)
    except CheckpointError as error:
        logger.warning("no version is pruned: %s", error)
        return []
    needed = {*in_use, *_needed(records, pointer)}
    there = await asyncio.to_thread(_there, checkpoints_dir, records)
    going = [each for each in records if each.state == "rejected" or each.pruned_at is not None]
    pruned = []
    for record in [*going, *_oldest(there, num_kept)]:
        may_go = record in there and record.state in _GONE and record.version not in needed
        if may_go and await _prune(store, checkpoints_dir, record):
            pruned.append(record.version)
    await asyncio.to_thread(_sweep, checkpoints_dir, {record.version for record in records})
    return pruned


def _there(checkpoints_dir: Path, records: Iterable[CheckpointRecord]) -> list[CheckpointRecord]:
    """Those with a folder of ours: not the starter, which lies elsewhere."""
    return [record for record in records if (checkpoints_dir / record.version).is_dir()]


def _needed(records: Iterable[CheckpointRecord], pointer: Pointer) -> set[str]:
    live = {record.version for record in records if record.state == "live"} | {pointer.live}
    parents = {record.parent for record in records if record.version in live}
    held = {
        record.version
        for record in records
        if record.state not in _GONE or record.pinned_at is not None
    }
    return {name for name in live | parents | held | {pointer.previous} if name is not None}


def _oldest(there: Iterable[CheckpointRecord], num_kept: int) -> list[CheckpointRecord]:
    """Those that were live before, but for the last so many."""
    retired = [each for each in there if each.state == "retired" and each.pruned_at is None]
    retired.sort(key=lambda each: (each.promoted_at or each.created_at, each.created_at))
    return retired[: max(0, len(retired) - num_kept)]


async def _prune(store: Store, checkpoints_dir: Path, record: CheckpointRecord) -> bool:
    """First the row: a version that is said to be gone is offered to nobody while it goes."""
    try:
        await store.checkpoints.note_pruned(record.version)
    except NoSuchCheckpoint:  # it went live, or was pinned, a moment ago
        return False
    await asyncio.to_thread(remove_candidate, checkpoints_dir, record.version)
    logger.info("version %s left the disk", record.version)
    return True


def _sweep(checkpoints_dir: Path, versions: set[str]) -> None:
    """Halves of our own versions that a killed process has left; what we do not know stays."""
    if not checkpoints_dir.is_dir():
        return
    for path in checkpoints_dir.iterdir():
        if path.name.startswith(".live-") and path.is_file():
            path.unlink(missing_ok=True)
        elif path.is_dir() and any(path.name.startswith(f".{name}-") for name in versions):
            shutil.rmtree(path, ignore_errors=True)
