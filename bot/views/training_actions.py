"""Starting, showing and stopping a training run."""

from functools import partial
from typing import Literal, cast

import discord

from bot.errors import NoSuchRun
from bot.locale import N_, Translator, translator
from bot.store import LessonKind, RunMessage, TrainingRun
from bot.views.admins import require_trainer
from bot.views.arguments import Number
from bot.views.buttons import view_of
from bot.views.card import COLOUR, Card
from bot.views.language import public_locale, public_translator, translator_for
from bot.views.private import send_privately, stop_thinking, think_in_public
from bot.views.services import Services, services_of, settings_of
from bot.views.training_progress import ProgressMessage, progress_card, verdict_card


async def announce(interaction: discord.Interaction, kind: LessonKind = "lyrics") -> None:
    """Starts a run, and a message in the channel that follows it."""
    services = services_of(interaction)
    await think_in_public(interaction)
    settings = await settings_of(interaction)
    _ = public_translator(interaction, settings)
    start = partial(
        services.retraining.start,
        trigger="command",
        requested_by=interaction.user.id,
        kind=kind,
    )
    run = await services.background.call(start)
    message_id = await stop_thinking(interaction, **progress_card(run, None, _).as_message())
    locale = public_locale(interaction, settings)
    channel_id = cast("int", interaction.channel_id)
    message = RunMessage(interaction.guild_id, channel_id, message_id, locale)
    await services.store.training_runs.show_in(run.id, message)
    services.background.start(_progress_message(services, interaction.client, run, message).follow)


async def follow_resumed(services: Services, client: discord.Client) -> None:
    """After a restart: the message of the run that goes on tells how it goes on."""
    run = services.retraining.take_resumed()
    message = await services.store.training_runs.message(run.id) if run else None
    if run is not None and message is not None:
        await _progress_message(services, client, run, message).follow()


def _progress_message(
    services: Services, client: discord.Client, run: TrainingRun, message: RunMessage
) -> ProgressMessage:
    channel = client.get_partial_messageable(message.channel_id, guild_id=message.guild_id)
    partial_message = channel.get_partial_message(message.message_id)
    return ProgressMessage(services, partial_message, run, translator(message.locale or ""))


async def show_training(interaction: discord.Interaction) -> None:
    services, _ = services_of(interaction), translator_for(interaction)
    run = await services.store.training_runs.latest()
    if run is None:
        card = Card(_never_trained(_), view_of())
    elif run.state == "running":
        card = progress_card(run, services.retraining.current, _)
    else:
        card = verdict_card(run, services.retraining.curve(run.id), _)
    await send_privately(interaction, **card.as_reply())


async def press(interaction: discord.Interaction, order: Literal["cancel"], run_id: Number) -> None:
    """The button that stops a run. Its message then tells how the run ended."""
    await require_trainer(interaction, N_("stop a training run"))
    services, _ = services_of(interaction), translator_for(interaction)
    run = await services.store.training_runs.get(run_id)
    if run is None or run.state != "running":
        raise NoSuchRun(run_id)
    said = _("Training run {number} is being stopped.").format(number=run.id)
    await send_privately(interaction, content=said)
    services.background.start(services.retraining.cancel)


def _never_trained(_: Translator) -> discord.Embed:
    return discord.Embed(
        title=_("No training run yet"),
        description=_(
            "I know what my starter checkpoint learned. Admins start a run with /retrain."
        ),
        colour=COLOUR,
    )
