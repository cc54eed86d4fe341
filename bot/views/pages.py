"""The artists, page by page."""

from collections.abc import Sequence

import discord

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.views.arguments import Count
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR
from bot.views.language import translator_for
from bot.views.services import services_of

_NUM_ON_PAGE = 30
_NUM_COLUMNS = 3
_MAX_FIELD = 1024
_NO_NAME = "\u200b"  # Discord wants a name for every field


def artists_page(
    artists: Sequence[str], page: int, _: Translator
) -> tuple[discord.Embed, discord.ui.View]:
    """`page` counts from 0; one that is gone gives the last one."""
    num_pages = max(1, -(-len(artists) // _NUM_ON_PAGE))
    page = min(page, num_pages - 1)
    shown = artists[page * _NUM_ON_PAGE :][:_NUM_ON_PAGE]
    title = _("I have learned no artist yet. Hand in lyrics with /submit.")
    if artists:
        title = _.ngettext(
            "{count} artist whose voice I have learned",
            "{count} artists whose voices I have learned",
            len(artists),
        ).format(count=len(artists))
    embed = discord.Embed(title=title, colour=COLOUR)
    per_column = -(-len(shown) // _NUM_COLUMNS)
    for first in range(0, len(shown), max(1, per_column)):
        names = "\n".join(neutralise(plain(name)) for name in shown[first : first + per_column])
        embed.add_field(name=_NO_NAME, value=names[:_MAX_FIELD])
    if num_pages == 1:
        return embed, view_of()
    embed.set_footer(
        text=_("page {page} of {num_pages}").format(page=page + 1, num_pages=num_pages)
    )
    backward = button("artists", page - 1, emoji="◀️", is_enabled=page > 0)
    forward = button("artists", page + 1, emoji="▶️", is_enabled=page < num_pages - 1)
    return embed, view_of(backward, forward)


async def turn_artists_page(interaction: discord.Interaction, page: Count) -> None:
    artists = services_of(interaction).generation.artists(interaction.guild_id)
    embed, view = artists_page(artists, page, translator_for(interaction))
    await interaction.response.edit_message(embed=embed, view=view)
