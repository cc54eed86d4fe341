"""One command on the simulated Discord: what comes back, and whether it is an error."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord
import simcord

from bot.app import App, build
from bot.config import Config
from bot.local.locales import speaking
from bot.local.made import made, saved
from bot.local.typed_command import parse
from bot.local.world import World, simulated_discord
from bot.views.mistakes import MISTAKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    is_admin: bool = False
    locale: str = "en-US"


async def say(
    config: Config,
    line: str,
    speaker: Speaker,
    *,
    rng_seed: int | None,
    folder: Path | None = None,
) -> dict[str, Any]:
    """`reply`, `verse`, `beat`, `files`, `error` and `elapsed_s`, ready for JSON.

    The reply's files are written into `folder`, or into `said` in the data folder.

    Raises OperatorError for a malformed line, and for what keeps the bot from starting.
    """
    async with build(config, console_level="ERROR", rng_seed=rng_seed) as app:
        app.services.referee.stand_back()
        app.services.pending.stand_back()
        return await _say(app, line, speaker, folder or config.data_dir / "said")


async def _say(app: App, line: str, speaker: Speaker, folder: Path) -> dict[str, Any]:
    async with simulated_discord(app) as world:
        started = time.perf_counter()
        said = await converse(app, world, line, speaker, folder)
        return {**said, "elapsed_s": round(time.perf_counter() - started, 3)}


async def converse(
    app: App, world: World, line: str, speaker: Speaker, folder: Path
) -> dict[str, Any]:
    bot = app.new_bot() if app.bot is None else app.bot
    typed = parse(line, bot.tree)
    seen: list[discord.Interaction] = []

    async def note(interaction: discord.Interaction) -> None:
        seen.append(interaction)

    bot.add_listener(note, "on_interaction")
    actor = world.admin if speaker.is_admin else world.members[0]
    try:
        with speaking({actor.id: speaker.locale}):
            result = await actor.slash(world.channel, typed.name, **typed.options)
    except simcord.SetupError as error:
        # What Discord's own client would not let a member send.
        nothing = await made(app.services.store, None)
        return {"reply": None, **nothing, "files": [], "error": str(error)}
    await app.services.background.drain()
    message = result.response or next(iter(result.followups), None)
    mistakes = [
        interaction.extras[MISTAKE] for interaction in seen if MISTAKE in interaction.extras
    ]
    return {
        "reply": _form(result.modal) if result.modal else _reply(message),
        **await made(app.services.store, message),
        "files": await saved(message.attachments if message else (), folder),
        "error": mistakes[0] if mistakes else None if message or result.modal else "No reply came.",
    }


def _reply(message: simcord.ResponseMessage | None) -> dict[str, Any] | None:
    if message is None:
        return None
    return {
        "text": message.content,
        "embeds": [embed.to_dict() for embed in message.embeds],
        "ephemeral": message.ephemeral,
        "buttons": [_label(each) for row in message.components for each in row["components"]],
        "files": [attachment.filename for attachment in message.attachments],
    }


def _form(modal: dict[str, Any]) -> dict[str, Any]:
    labels = [each["label"] for each in modal["components"] if "label" in each]
    text = f"A form opens: {modal['title']} ({', '.join(labels)})"
    return {"text": text, "embeds": [], "ephemeral": True, "buttons": [], "files": []}


def _label(component: dict[str, Any]) -> str:
    emoji = (component.get("emoji") or {}).get("name") or ""
    return f"{emoji} {component.get('label') or ''}".strip()
