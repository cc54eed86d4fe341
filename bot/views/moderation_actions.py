"""What moderators do with reported verses, battles and beats and with members."""

import logging
from typing import Literal

import discord

from bot.locale import Translator
from bot.store import Subject, WorkKind
from bot.views.admins import require_moderator
from bot.views.arguments import Number
from bot.views.buttons import view_of
from bot.views.card import COLOUR, Card
from bot.views.case_card import case_card
from bot.views.hiding import hide_card, show_card_again
from bot.views.language import translator_for
from bot.views.moderators_channel import tell_moderators
from bot.views.reported import Reported, find_reported, subject_of
from bot.views.services import rules_of, services_of, settings_of

logger = logging.getLogger(__name__)


async def next_case(
    interaction: discord.Interaction, guild_id: int, after: Subject | None = None
) -> Card:
    """The first reported verse, battle or beat after that one, for `/reports`."""
    store, _ = services_of(interaction).store, translator_for(interaction)
    case = await store.reports.next_case(guild_id, after)
    reported = await find_reported(store, case.subject, guild_id) if case else None
    if case is None or reported is None:
        return Card(_nothing_left(_), view_of())
    count = await store.reports.num_cases(guild_id)
    waiting = _.ngettext(
        "{count} verse, battle or beat to look at",
        "{count} verses, battles and beats to look at",
        count,
    )
    rules = rules_of(interaction, await settings_of(interaction))
    return case_card(reported, case, waiting.format(count=count), rules, _, num_waiting=count)


Decision = Literal["hide", "unhide", "dismiss", "banasker", "banreporters", "next"]


async def decide(
    interaction: discord.Interaction,
    decision: Decision,
    number: Number,
    kind: WorkKind = "verse",
) -> None:
    """A button under what was reported, in the queue or in the moderators' channel."""
    await require_moderator(interaction)
    guild_id, subject = interaction.guild_id, Subject(kind, number)
    reported = await find_reported(services_of(interaction).store, subject, guild_id)
    if reported is None or guild_id is None:
        raise subject.missing()
    await interaction.response.defer()
    _ = translator_for(interaction)
    if decision == "next":
        card = await next_case(interaction, guild_id, subject)
        await interaction.edit_original_response(**card.as_message())
        return
    said = await _do(interaction, decision, reported, guild_id, _)
    moderator = interaction.user.id
    logger.info("Moderator %d: %s %s %d, server %d", moderator, decision, kind, number, guild_id)
    await tell_moderators(interaction, subject, said)
    await _show_result(interaction, subject, said, _)


async def _show_result(
    interaction: discord.Interaction, subject: Subject, said: str, _: Translator
) -> None:
    """In the queue; the moderators' message and the public card are up to date already."""
    store, settings = services_of(interaction).store, await settings_of(interaction)
    reported = await find_reported(store, subject, settings.guild_id)
    case = await store.reports.case(subject, settings.guild_id)
    pressed_on = interaction.message.id if interaction.message else None
    if reported is None or pressed_on in (case.notice_message_id, reported.message_id):
        return
    rules, count = rules_of(interaction, settings), await store.reports.num_cases(settings.guild_id)
    card = case_card(reported, case, said, rules, _, num_waiting=count)
    await interaction.edit_original_response(**card.as_message())


async def _do(
    interaction: discord.Interaction,
    decision: str,
    reported: Reported,
    guild_id: int,
    _: Translator,
) -> str:
    store, moderator = services_of(interaction).store, interaction.user.id
    subject = subject_of(reported)
    owner = store.works(subject.kind)
    if decision in ("hide", "banasker"):
        await owner.hide(reported.id, moderator)
        await store.reports.resolve(subject, guild_id, moderator, "upheld")
        await hide_card(interaction, reported)
        if decision == "hide" or reported.user_id is None:
            return _("🙈 Hidden.")
        await store.bans.add(guild_id, reported.user_id, moderator)
        return _("🙈 Hidden, and whoever asked for it is banned from me here. /bans shows all.")
    if decision == "unhide":
        await owner.unhide(reported.id)
        await show_card_again(interaction, reported)
        return _("👀 Shown again.")
    if decision == "banreporters":
        for each in (await store.reports.case(subject, guild_id)).reports:
            if each.reporter_id is not None:
                await store.bans.add(guild_id, each.reporter_id, moderator)
    await store.reports.resolve(subject, guild_id, moderator, "dismissed")
    if decision == "banreporters":
        return _("Dismissed, and whoever reported it is banned from me here. /bans shows all.")
    return _("Dismissed.")


def _nothing_left(_: Translator) -> discord.Embed:
    return discord.Embed(
        title=_("No report is open"),
        description=_("What members report with 🚩 under a verse, a battle or a beat comes here."),
        colour=COLOUR,
    )
