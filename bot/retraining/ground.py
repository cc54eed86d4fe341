"""On top of which version a run learns: one that knows no lyrics which were withdrawn."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config
from bot.errors import NoSuchCheckpoint
from bot.retraining.versions import folder_of
from bot.store import Store


@dataclass(frozen=True, slots=True)
class Ground:
    """`line` are the version and its ancestors. `missed` are the numbers of lyrics that the live
    version has learned since, and that are to be learned again.
    """

    version: str
    line: tuple[str, ...]
    missed: tuple[int, ...] = ()


async def find_ground(config: Config, store: Store, live: str) -> Ground:
    """The live version, or, where it learned lyrics that were withdrawn, the nearest ancestor that
    did not and is still there. Where none is, the live version all the same.
    """
    line = await store.versions.lineage(live)
    marked = await store.versions.with_withdrawn()
    for place, version in enumerate(line):
        if version not in marked and (version == live or await _is_there(config, store, version)):
            since = line[:place]
            missed = await store.versions.learned_by(since) if since else []
            return Ground(version, tuple(line[place:]), tuple(missed))
    return Ground(live, tuple(line))


async def folder_of_ground(config: Config, store: Store, version: str) -> Path:
    """Raises NoSuchCheckpoint."""
    record = await store.checkpoints.get(version)
    folder = await asyncio.to_thread(folder_of, config, record) if record else None
    if folder is None:
        raise NoSuchCheckpoint(version)
    return folder


async def is_ground(store: Store, version: str, live: str) -> bool:
    """Whether a candidate made from `version` may take the place of the live one."""
    if version == live:
        return True
    is_replaced = live in await store.versions.with_withdrawn()
    return is_replaced and version in await store.versions.lineage(live)


async def _is_there(config: Config, store: Store, version: str) -> bool:
    record = await store.checkpoints.get(version)
    return record is not None and await asyncio.to_thread(folder_of, config, record) is not None
