"""What a start needs, looked at piece by piece: each well, or with its remedy."""

import argparse
import asyncio
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from bot.cli.shared import read_config
from bot.config import Config
from bot.errors import ConfigError, OperatorError
from bot.generation.hardware import choose_device
from bot.generation.live import LiveCheckpoint
from bot.generation.registry import registry_of_beats, registry_of_verses
from bot.store import migrate, open_store
from model.errors import ModelError

_RESTORE = "Restore it from a backup, or train again."


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    message: str
    remedy: str = ""
    is_well: bool = True
    is_doubtful: bool = False  # the bot runs without it


def look_at_everything(arguments: argparse.Namespace) -> Iterator[Finding]:
    try:
        config = read_config(arguments)
    except ConfigError as error:
        for problem in error.problems:
            yield Finding("configuration", problem, is_well=False)
        # The rest can be looked at with the defaults, so that all problems show at once.
        config = Config(data_dir=arguments.data)
    else:
        yield Finding("configuration", "every setting is understood")
    for subject, look in _LOOKS.items():
        try:
            yield Finding(subject, look(config))
        except OperatorError as error:
            yield Finding(subject, error.message, error.remedy, is_well=False)
    yield _beats(config)


def _discord(config: Config) -> str:
    if config.discord.token is not None:
        return "a token is set; the bot will connect to Discord"
    if importlib.util.find_spec("simcord") is None:
        raise OperatorError(
            "there is no token, and the local page needs simcord, which is not installed.",
            'Set DISCORD_TOKEN, or install with pip install ".[local]".',
        )
    return "no token is set; the bot will serve a local page"


def _data_folder(config: Config) -> str:
    folder = next(each for each in (config.data_dir, *config.data_dir.parents) if each.exists())
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise OperatorError(
            f"{folder} cannot be written to.",
            "Give the user that runs the bot the right to, or name another folder with --data.",
        )
    return (
        f"{config.data_dir} {'can be written to' if folder == config.data_dir else 'can be made'}"
    )


def _database(config: Config) -> str:
    return asyncio.run(_database_state(config.database.url))


async def _database_state(url: str) -> str:
    revision = await migrate.current_revision(url)
    if revision is None:
        return "there is none yet; the first start makes it"
    if revision == migrate.head_revision():
        async with open_store(url) as store:
            await store.ping()
        return f"revision {revision}, the newest"
    async with open_store(url):  # says what is wrong with any other revision
        return f"revision {revision}"


def _checkpoint(config: Config) -> str:
    registry = registry_of_verses(config)
    checkpoint, warnings = registry.load_live("cpu")
    if warnings:
        raise OperatorError(" ".join(warnings), _RESTORE)
    return f"{checkpoint.version} is whole, with {len(checkpoint.artists)} artists"


def _beats(config: Config) -> Finding:
    subject = "beats"
    if not config.beats.enabled:
        return Finding(subject, "turned off in the configuration")
    try:
        checkpoint, warnings = registry_of_beats(config).load_live("cpu")
    except OperatorError as error:
        return Finding(subject, f"/beat has none: {error.message}", error.remedy, is_doubtful=True)
    told = f"{checkpoint.version} is whole, with {len(checkpoint.styles)} styles"
    if warnings:
        return Finding(subject, " ".join(warnings), _RESTORE, is_doubtful=True)
    usual = config.beats.default_style
    if usual and usual not in {style.name for style in checkpoint.styles}:
        remedy = "Set beats.default_style to one of its styles, or leave it empty."
        return Finding(subject, f"{told}, and none is {usual}", remedy, is_doubtful=True)
    return Finding(subject, told)


def _device(config: Config) -> str:
    device = choose_device(config.generation.device)
    if device.startswith("cuda") and not torch.cuda.is_available():
        raise OperatorError(
            f"generation.device is {device}, and this torch sees no GPU.",
            'Set it to "auto" or "cpu", or install torch with CUDA.',
        )
    return f"verses will be written on {device}{_precision(config, device)}"


def _precision(config: Config, device: str) -> str:
    """In what, or nothing where there is no checkpoint to try it with."""
    registry = registry_of_verses(config)
    try:
        checkpoint, _ = registry.load_live(device)
    except OperatorError:
        return ""
    try:
        writer = LiveCheckpoint(0, checkpoint, config.generation.precision).build_writer(1)
    except ModelError as error:
        raise OperatorError(str(error), 'Set generation.precision to "auto".') from error
    return f", in {writer.computes_in}"


_LOOKS: dict[str, Callable[[Config], str]] = {
    "Discord": _discord,
    "data folder": _data_folder,
    "database": _database,
    "checkpoint": _checkpoint,
    "device": _device,
}
