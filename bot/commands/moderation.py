"""/reports, /bans, /unban: what members report, and whom the bot does not serve here."""

import logging

import discord
from discord import app_commands
from discord.ext import commands

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.store import Ban
from bot.views.admins import require_moderator
from bot.views.card import COLOUR
from bot.views.language import translator_for
from bot.views.moderation_actions import next_case
from bot.views.private import send_privately
from bot.views.services import services_of

logger = logging.getLogger(__name__)

_NUM_BANS = 25


class Moderation(commands.Cog):
    @app_commands.command(description="Look at what members reported (moderators)")
    async def reports(self, interaction: discord.Interaction) -> None:
        await require_moderator(interaction)
        card = await next_case(interaction, interaction.guild_id or 0)
        await send_privately(interaction, **card.as_reply())

    @app_commands.command(description="List whom I do not serve here (moderators)")
    async def bans(self, interaction: discord.Interaction) -> None:
        await require_moderator(interaction)
        store, _ = services_of(interaction).store.bans, translator_for(interaction)
        found = await store.newest(interaction.guild_id or 0, _NUM_BANS)
        said = "\n".join(_line(each, _) for each in found) or _("Nobody is banned from me here.")
        embed = discord.Embed(title=_("Banned from me"), description=said, colour=COLOUR)
        await send_privately(interaction, embed=embed)

    @app_commands.command(description="Serve a banned member again (moderators)")
    @app_commands.describe(member="Whom to serve again")
    async def unban(self, interaction: discord.Interaction, member: discord.User) -> None:
        await require_moderator(interaction)
        _, guild_id = translator_for(interaction), interaction.guild_id or 0
        was_banned = await services_of(interaction).store.bans.remove(guild_id, member.id)
        said = _("I serve <@{member}> again.") if was_banned else _("<@{member}> is not banned.")
        logger.info("Moderator %d: unban %d, server %d", interaction.user.id, member.id, guild_id)
        await send_privately(interaction, content=said.format(member=member.id))


def _line(ban: Ban, _: Translator) -> str:
    said = _("<@{member}> since {when}, by <@{moderator}>").format(
        member=ban.user_id, when=f"<t:{ban.created_at.timestamp():.0f}:d>", moderator=ban.banned_by
    )
    return f"{said}: {neutralise(plain(ban.reason))[:100]}" if ban.reason else said
