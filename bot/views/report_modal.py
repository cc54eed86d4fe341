"""🚩: what is wrong with a verse, in one press, with words if somebody has any."""

from typing import Any

import discord

from bot.errors import HiddenVerse, NoSuchVerse
from bot.locale import Translator
from bot.moderation import plain
from bot.views.arguments import Number
from bot.views.language import translator_for
from bot.views.mistakes import answering_mistakes
from bot.views.moderators_channel import tell_moderators
from bot.views.private import send_privately
from bot.views.reasons import REASONS
from bot.views.services import services_of

_MAX_WORDS = 300
_KEPT_S = 3600.0


class ReportModal(discord.ui.Modal):
    def __init__(self, verse_id: int, _: Translator) -> None:
        super().__init__(title=_("Report this verse"), timeout=_KEPT_S)
        self.verse_id = verse_id
        self.kind = discord.ui.Select[Any](
            custom_id="kind",
            options=[
                discord.SelectOption(label=_(label), value=kind, default=kind == "hate")
                for kind, label in REASONS.items()
            ],
        )
        self.words = discord.ui.TextInput[Any](
            custom_id="words",
            style=discord.TextStyle.long,
            max_length=_MAX_WORDS,
            required=False,
        )
        self.add_item(discord.ui.Label(text=_("What is wrong with it?"), component=self.kind))
        hint = _("The moderators of this server read it, with your name.")
        self.add_item(
            discord.ui.Label(
                text=_("In your words, if you like"), description=hint, component=self.words
            )
        )

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await answering_mistakes(interaction, self._report)

    async def _report(self, interaction: discord.Interaction) -> None:
        services, _ = services_of(interaction), translator_for(interaction)
        if interaction.guild_id is None:
            raise NoSuchVerse(self.verse_id)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await services.store.reports.add(
            self.verse_id,
            interaction.guild_id,
            interaction.user.id,
            f"{(self.kind.values or ['other'])[0]} {plain(self.words.value)}".strip(),
            services.config.moderation.max_reports_per_day,
        )
        await tell_moderators(interaction, self.verse_id)
        thanks = _("🚩 Thank you. The moderators of this server will look at it.")
        await send_privately(interaction, content=thanks)


async def report(interaction: discord.Interaction, verse_id: Number) -> None:
    """The button under a verse."""
    verse = await services_of(interaction).store.verses.get(verse_id)
    if verse is None or verse.guild_id != interaction.guild_id:
        raise NoSuchVerse(verse_id)
    if verse.is_hidden:
        raise HiddenVerse
    await interaction.response.send_modal(ReportModal(verse.id, translator_for(interaction)))
