"""Points of a promotion at which the bot can be made to stand still, to be killed right there."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

from bot.app import App

# Each is the step that comes next, in the order of a promotion.
PAUSES = (
    "before the candidate is recorded",
    "before the swap",
    "before the pointer",
    "after the pointer",
    "before the checkpoint is live in the database",
    "before its artists are known",
    "before the verdict is stored",
    "after the verdict is stored",
)


def pause_at(point: str, app: App, say: Callable[..., None]) -> None:
    """The rest of the bot goes on meanwhile; the pause itself never ends."""
    store, generation = app.services.store, app.services.generation
    where: dict[str, tuple[object, str]] = {
        "before the candidate is recorded": (store.checkpoints, "record"),
        "before the swap": (generation, "swap"),
        "before the pointer": (generation._verses.registry, "promote"),
        "after the pointer": (generation._verses.registry, "promote"),
        "before the checkpoint is live in the database": (store.checkpoints, "promote"),
        "before its artists are known": (store.artists, "ensure"),
        "before the verdict is stored": (store.training_runs, "finish"),
        "after the verdict is stored": (store.training_runs, "finish"),
    }
    owner, name = where[point]
    step = getattr(owner, name)
    pausing = _pausing if asyncio.iscoroutinefunction(step) else _pausing_thread
    setattr(owner, name, pausing(step, say, is_after=point.startswith("after")))


def _pausing(step: Callable[..., Any], say: Callable[..., None], *, is_after: bool) -> Any:
    async def paused(*args: Any, **kwargs: Any) -> None:
        if is_after:
            await step(*args, **kwargs)
        say("pause")
        await asyncio.Event().wait()

    return paused


def _pausing_thread(step: Callable[..., Any], say: Callable[..., None], *, is_after: bool) -> Any:
    def paused(*args: Any, **kwargs: Any) -> None:
        if is_after:
            step(*args, **kwargs)
        say("pause")
        threading.Event().wait()

    return paused
