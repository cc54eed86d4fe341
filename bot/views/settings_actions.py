"""Showing the settings of a server, and what its menus and buttons change."""

from typing import Any, Literal, cast, get_args

import discord

from bot.locale import N_, Translator
from bot.moderation import plain
from bot.store import ContentSetting, GuildChanges
from bot.views.admins import require_manager
from bot.views.language import translator_for
from bot.views.menus import chosen
from bot.views.mistakes import answering_mistakes
from bot.views.services import services_of, settings_of
from bot.views.settings_card import LANGUAGES, Leaf, SettingsCard
from bot.views.unknown_artist import key_of

CHANGE = N_("change its settings")

_NUM_ARTISTS = 25
_KEPT_S = 3600.0
_MAX_NAME = 80
Setting = Literal[
    "channels",
    "cooldown",
    "reports",
    "content",
    "language",
    "lines",
    "artist",
    "reviewers",
    "trainers",
    "submissions",
]
_LEAVES: dict[Setting, Leaf] = {
    "channels": "channels",
    "cooldown": "channels",
    "reports": "channels",
    "content": "verses",
    "language": "verses",
    "lines": "verses",
    "artist": "verses",
    "reviewers": "people",
    "trainers": "people",
    "submissions": "people",
}


async def settings_view(
    interaction: discord.Interaction, leaf: Leaf = "channels"
) -> discord.ui.LayoutView:
    services, guild_id = services_of(interaction), interaction.guild_id
    known = services.generation.artists(guild_id)
    loved = await services.store.artists.best_loved(_NUM_ARTISTS, guild_id)
    names = dict.fromkeys((*(name for name in loved if name in set(known)), *known))
    card = SettingsCard(
        settings=await settings_of(interaction),
        artists=tuple(names)[:_NUM_ARTISTS],
        max_lines=services.config.generation.max_lines,
    )
    return card.view(leaf, translator_for(interaction))


async def turn_to(interaction: discord.Interaction, leaf: Leaf) -> None:
    require_manager(interaction, CHANGE)
    await _show(interaction, leaf)


async def choose(interaction: discord.Interaction, setting: Setting) -> None:
    """What was chosen is kept at once, and the card shows it."""
    require_manager(interaction, CHANGE)
    values = chosen(interaction)
    if setting == "artist":
        known = services_of(interaction).generation.artists(interaction.guild_id)
        name = next((each for each in known if key_of(each) in values), None)
        await _set_artist(interaction, name)
    else:
        await _set(interaction, _changes(setting, values))
    await _show(interaction, _LEAVES[setting])


async def ask_for_artist(interaction: discord.Interaction) -> None:
    require_manager(interaction, CHANGE)
    await interaction.response.send_modal(ArtistModal(translator_for(interaction)))


class ArtistModal(discord.ui.Modal):
    """For an artist whom the menu has no room for."""

    def __init__(self, _: Translator) -> None:
        super().__init__(title=_("The usual artist"), timeout=_KEPT_S)
        self.artist = discord.ui.TextInput[Any](
            custom_id="artist", max_length=_MAX_NAME, required=False
        )
        hint = _("Leave it empty for somebody well loved.")
        self.add_item(discord.ui.Label(text=_("Artist"), description=hint, component=self.artist))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await answering_mistakes(interaction, self._keep)

    async def _keep(self, interaction: discord.Interaction) -> None:
        require_manager(interaction, CHANGE)
        await _set_artist(interaction, plain(self.artist.value) or None)
        await _show(interaction, "verses")


def _changes(setting: Setting, values: list[str]) -> GuildChanges:
    """What is none of the menu's own options leaves the setting open."""
    ids = [int(each) for each in values if each.isdecimal()]
    one = ids[0] if ids else None
    changes: dict[Setting, GuildChanges] = {
        "channels": {"channel_ids": ids},
        "cooldown": {"cooldown_s": one},
        "reports": {"moderation_channel_id": one},
        "lines": {"default_lines": one},
        "reviewers": {"review_role_id": one},
        "trainers": {"retrain_role_id": one},
        "submissions": {"submissions_enabled": values == ["on"]},
        "language": {"language": next((each for each in values if each in LANGUAGES), None)},
        "content": {"content": _content(values)},
    }
    return changes[setting]


def _content(values: list[str]) -> ContentSetting:
    found = next((each for each in values if each in get_args(ContentSetting)), "default")
    return cast("ContentSetting", found)


async def _set(interaction: discord.Interaction, changes: GuildChanges) -> None:
    guilds = services_of(interaction).store.guilds
    await guilds.set(cast("int", interaction.guild_id), **changes)


async def _set_artist(interaction: discord.Interaction, name: str | None) -> None:
    """Raises UnknownArtist."""
    services, artist_id = services_of(interaction), None
    if name is not None:
        voice = services.generation.resolve_artist(name, interaction.guild_id)
        await services.store.artists.ensure([voice])
        artist_id = await services.store.artists.find_id(voice)
    await _set(interaction, {"default_artist_id": artist_id})


async def _show(interaction: discord.Interaction, leaf: Leaf) -> None:
    await interaction.response.edit_message(view=await settings_view(interaction, leaf))
