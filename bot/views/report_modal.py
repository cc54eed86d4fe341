"""🚩: what is wrong with a verse, battle or beat, in one press, with words if one has any."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import discord

from bot.locale import N_, Translator
from bot.moderation import plain
from bot.store import Subject, WorkKind
from bot.views.arguments import Number
from bot.views.language import translator_for
from bot.views.mistakes import answering_mistakes
from bot.views.moderators_channel import tell_moderators
from bot.views.private import send_privately
from bot.views.reasons import REASONS
from bot.views.reported import find_reported
from bot.views.services import services_of
from bot.views.works import require_shown

_MAX_WORDS = 300
_KEPT_S = 3600.0
_TITLES: Mapping[WorkKind, str] = MappingProxyType(
    {
        "verse": N_("Report this verse"),
        "battle": N_("Report this battle"),
        "beat": N_("Report this beat"),
    }
)


class ReportModal(discord.ui.Modal):
    def __init__(self, subject: Subject, _: Translator) -> None:
        super().__init__(title=_(_TITLES[subject.kind]), timeout=_KEPT_S)
        self.subject = subject
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
            raise self.subject.missing()
        await interaction.response.defer(ephemeral=True, thinking=True)
        await services.store.reports.add(
            self.subject,
            interaction.guild_id,
            interaction.user.id,
            f"{(self.kind.values or ['other'])[0]} {plain(self.words.value)}".strip(),
            services.config.moderation.max_reports_per_day,
        )
        await tell_moderators(interaction, self.subject)
        thanks = _("🚩 Thank you. The moderators of this server will look at it.")
        await send_privately(interaction, content=thanks)


async def report(
    interaction: discord.Interaction, number: Number, kind: WorkKind = "verse"
) -> None:
    """The button under a verse, a battle or a beat."""
    subject, store = Subject(kind, number), services_of(interaction).store
    found = await find_reported(store, subject, interaction.guild_id)
    require_shown(interaction, found, subject)
    await interaction.response.send_modal(ReportModal(subject, translator_for(interaction)))
