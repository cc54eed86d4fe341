"""The steps that make a candidate live, in an order that may be cut at any point.

1. The database learns of the candidate.    Cut after it: nothing is live that was not.
2. The pointer file is replaced, and verses begin on the candidate.    This is the truth.
3. The database follows: the checkpoint is live, its artists are known.
4. The run is promoted, and its lyrics count as learned.

After a cut, `recovery` goes back to before 1 or on to the end of 4.
"""

import logging
from pathlib import Path
from typing import Any

from bot.errors import OperatorError
from bot.retraining.ground import is_ground
from bot.retraining.lines import Line
from bot.store import NewCheckpoint, Store

logger = logging.getLogger(__name__)


async def promote(
    store: Store,
    line: Line,
    *,
    version: str,
    folder: Path,
    parent: str,
    figures: dict[str, Any],
) -> None:
    """Steps 1 to 3; the caller does the last.

    Raises CheckpointError, EngineStopped or DatabaseError; then nothing else is live than before.
    """
    await store.checkpoints.record(
        NewCheckpoint(
            kind=line.kind, version=version, folder=folder.name, parent=parent, figures=figures
        )
    )
    try:
        live = line.live_version
        instead_of = live if await is_ground(store, parent, live) else parent
        await line.swap(folder, version=version, instead_of=instead_of)
    except Exception:
        await store.checkpoints.reject(version)
        raise
    try:
        await follow(store, line)
    except OperatorError:
        logger.exception("%s is live; the database learns of it at the next start", version)


async def follow(store: Store, line: Line, changed_by: int | None = None) -> None:
    """Step 3, which may be done again; `changed_by` is who rolled back."""
    await store.checkpoints.promote(line.live_version, changed_by)
    await store.artists.ensure(line.voices(), line.kind)
