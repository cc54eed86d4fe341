"""What moderators do with reported verses and with members."""

import logging
from typing import Literal

import discord

from bot.errors import NoSuchVerse
from bot.locale import Translator
from bot.store import Verse
from bot.views.admins import require_moderator
from bot.views.arguments import Number
from bot.views.buttons import view_of
from bot.views.case_card import case_card
from bot.views.hiding import hide_card, show_card_again
from bot.views.language import translator_for
from bot.views.moderators_channel import tell_moderators
from bot.views.services import rules_of, services_of, settings_of
from bot.views.verse_card import COLOUR, Card

logger = logging.getLogger(__name__)


async def next_case(interaction: discord.Interaction, guild_id: int, after_verse: int = 0) -> Card:
    """The first reported verse after that one, for `/reports`."""
    store, _ = services_of(interaction).store, translator_for(interaction)
    case = await store.reports.next_case(guild_id, after_verse)
    verse = await store.verses.get(case.verse_id) if case else None
    if case is None or verse is None:
        return Card(_nothing_left(_), view_of())
    count = await store.reports.num_cases(guild_id)
    waiting = _.ngettext("{count} verse to look at", "{count} verses to look at", count)
    rules = rules_of(interaction, await settings_of(interaction))
    return case_card(verse, case, waiting.format(count=count), rules, _, num_waiting=count)


Decision = Literal["hide", "unhide", "dismiss", "banasker", "banreporters", "next"]


async def decide(interaction: discord.Interaction, decision: Decision, verse_id: Number) -> None:
    """A button under a reported verse, in the queue or in the moderators' channel."""
    await require_moderator(interaction)
    guild_id = interaction.guild_id
    verse = await services_of(interaction).store.verses.get(verse_id)
    if verse is None or guild_id is None or verse.guild_id != guild_id:
        raise NoSuchVerse(verse_id)
    await interaction.response.defer()
    _ = translator_for(interaction)
    if decision == "next":
        card = await next_case(interaction, guild_id, verse_id)
        await interaction.edit_original_response(**card.as_message())
        return
    said = await _do(interaction, decision, verse, guild_id, _)
    moderator = interaction.user.id
    logger.info("Moderator %d: %s verse %d, server %d", moderator, decision, verse_id, guild_id)
    await tell_moderators(interaction, verse_id, said)
    await _show_result(interaction, verse_id, said, _)


async def _show_result(
    interaction: discord.Interaction, verse_id: int, said: str, _: Translator
) -> None:
    """In the queue; the moderators' message and the public card are up to date already."""
    store, settings = services_of(interaction).store, await settings_of(interaction)
    verse = await store.verses.get(verse_id)
    case = await store.reports.case(verse_id, settings.guild_id)
    pressed_on = interaction.message.id if interaction.message else None
    if verse is None or pressed_on in (case.notice_message_id, verse.message_id):
        return
    rules, count = rules_of(interaction, settings), await store.reports.num_cases(settings.guild_id)
    card = case_card(verse, case, said, rules, _, num_waiting=count)
    await interaction.edit_original_response(**card.as_message())


async def _do(
    interaction: discord.Interaction, decision: str, verse: Verse, guild_id: int, _: Translator
) -> str:
    store, moderator = services_of(interaction).store, interaction.user.id
    if decision in ("hide", "banasker"):
        await store.verses.hide(verse.id, moderator)
        await store.reports.resolve(verse.id, guild_id, moderator, "upheld")
        await hide_card(interaction, verse)
        if decision == "hide" or verse.user_id is None:
            return _("🙈 Hidden.")
        await store.bans.add(guild_id, verse.user_id, moderator)
        return _("🙈 Hidden, and whoever asked for it is banned from me here. /bans shows all.")
    if decision == "unhide":
        await store.verses.unhide(verse.id)
        await show_card_again(interaction, verse)
        return _("👀 Shown again.")
    if decision == "banreporters":
        for each in (await store.reports.case(verse.id, guild_id)).reports:
            if each.reporter_id is not None:
                await store.bans.add(guild_id, each.reporter_id, moderator)
    await store.reports.resolve(verse.id, guild_id, moderator, "dismissed")
    if decision == "banreporters":
        return _("Dismissed, and whoever reported it is banned from me here. /bans shows all.")
    return _("Dismissed.")


def _nothing_left(_: Translator) -> discord.Embed:
    return discord.Embed(
        title=_("No report is open"),
        description=_("What members report with 🚩 under a verse comes here."),
        colour=COLOUR,
    )
