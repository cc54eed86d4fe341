"""What a member handed in, with a button to take each piece back."""

import discord

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.store import Lyrics
from bot.views.arguments import Number
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, Card
from bot.views.language import translator_for
from bot.views.review_texts import reason_text
from bot.views.services import services_of

_NUM_SHOWN = 10


async def own_submissions(interaction: discord.Interaction) -> Card:
    """The latest ones in this server that are not withdrawn."""
    _ = translator_for(interaction)
    everything = await services_of(interaction).store.lyrics.of_member(
        interaction.user.id, interaction.guild_id
    )
    present = [lyrics for lyrics in everything if lyrics.state != "withdrawn"]
    shown = present[: -_NUM_SHOWN - 1 : -1]
    if not shown:
        nothing = _("You have handed in nothing that could be withdrawn. /submit hands in lyrics.")
        return Card(discord.Embed(description=nothing, colour=COLOUR), view_of())
    lines = [
        _("What you handed in. A button withdraws it for good:"),
        *(_line(lyrics, _) for lyrics in shown),
    ]
    buttons = [
        button("withdraw", lyrics.id, label=_("Withdraw {number}").format(number=lyrics.id))
        for lyrics in shown
    ]
    return Card(discord.Embed(description="\n".join(lines), colour=COLOUR), view_of(*buttons))


async def withdraw(interaction: discord.Interaction, lyrics_id: Number) -> None:
    lyrics = await services_of(interaction).store.lyrics.withdraw(
        lyrics_id, submitter_id=interaction.user.id, guild_id=interaction.guild_id
    )
    card = await own_submissions(interaction)
    _ = translator_for(interaction)
    said = _("“{title}” is withdrawn: its words are erased, and no later training uses it.")
    if lyrics.kind == "beats":
        said = _("“{title}” is withdrawn: its notes are erased, and no later training uses it.")
    said = said.format(title=neutralise(lyrics.title))
    await interaction.response.edit_message(**{**card.as_message(), "content": said})


def _line(lyrics: Lyrics, _: Translator) -> str:
    title, artist = neutralise(plain(lyrics.title)), neutralise(plain(lyrics.artist))
    states = {
        "pending": _.pgettext("submission", "in review"),
        "approved": _.pgettext("submission", "approved"),
        "refused": _.pgettext("submission", "refused"),
    }
    line = _("**{number}** · “{title}” · {artist} · {state}").format(
        number=lyrics.id, title=title, artist=artist, state=states.get(lyrics.state, lyrics.state)
    )
    reason = reason_text(lyrics.reason, _) if lyrics.state == "refused" else None
    return f"{line}\n> {reason}" if reason else line
