"""What a member reads of their own data, and the buttons with which they have it forgotten."""

import asyncio
import gzip
import io
import json
import logging
from collections.abc import Sequence
from typing import Any, Literal

import discord

from bot.locale import Translator
from bot.moderation import neutralise
from bot.store import Forgotten
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, Card
from bot.views.language import translator_for
from bot.views.services import services_of

logger = logging.getLogger(__name__)

_MAX_PLAIN_BYTES = 8_000_000  # Discord takes ten million; the message around it needs a little


async def export_file(interaction: discord.Interaction) -> dict[str, Any]:
    """The arguments of a reply with a JSON file; compressed where it is large."""
    _ = translator_for(interaction)
    told = await services_of(interaction).store.members.export(interaction.user.id)
    content, name = await asyncio.to_thread(_packed, told, interaction.user.id)
    num_rows = sum(len(rows) for rows in told.values())
    said = _.ngettext(
        "All that I keep of you: {count} entry, on every server. Only you see this.",
        "All that I keep of you: {count} entries, on every server. Only you see this.",
        num_rows,
    ).format(count=num_rows)
    return {"content": said, "file": discord.File(io.BytesIO(content), name)}


def _packed(told: dict[str, list[dict[str, Any]]], user_id: int) -> tuple[bytes, str]:
    values = {"discord_user": str(user_id), **told}
    content = json.dumps(values, ensure_ascii=False, indent=2).encode()
    if len(content) <= _MAX_PLAIN_BYTES:
        return content, "my-data.json"
    return gzip.compress(content), "my-data.json.gz"


def forget_question(interaction: discord.Interaction) -> Card:
    _ = translator_for(interaction)
    embed = discord.Embed(
        title=_("Shall I forget you?"), description="\n".join(_consequences(_)), colour=COLOUR
    )
    return Card(
        embed,
        view_of(
            button("forget", "keep", label=_("Forget me"), style=discord.ButtonStyle.danger),
            button(
                "forget",
                "erase",
                label=_("Forget me, and erase my verses and beats"),
                style=discord.ButtonStyle.danger,
            ),
            button("forget", "no", label=_("Cancel")),
        ),
    )


def _consequences(_: Translator) -> tuple[str, ...]:
    return (
        _("At once, on every server, and for good:"),
        _("• your votes are deleted;"),
        _("• the lyrics and beats you handed in are erased, and no later training uses them;"),
        _("• verses, battles and beats no longer know that you asked for them; or, if you want,"
          " their words and notes are erased too;"),
        _("• reviews, reports and settings no longer know that they were yours."),
        _("What I have already learned from your lyrics goes with the next training. A ban of"
          " yours stays. Messages in channels belong to Discord: an admin can delete them."),
    )  # fmt: skip


async def forget(interaction: discord.Interaction, choice: Literal["keep", "erase", "no"]) -> None:
    """The press under the question. Whoever presses is forgotten, and nobody else."""
    _ = translator_for(interaction)
    if choice == "no":
        await _say(interaction, _("Nothing was changed."))
        return
    store = services_of(interaction).store
    done = await store.members.forget(interaction.user.id, erase_verses=choice == "erase")
    logger.info("a member was forgotten: %s", done)
    learned = await store.versions.with_withdrawn()
    versions = [name for name, ids in learned.items() if set(ids) & set(done.lyrics_ids)]
    await _say(interaction, "\n".join(_report(done, versions, _)))


def _report(done: Forgotten, versions: Sequence[str], _: Translator) -> list[str]:
    """`versions` are those of the model that have learned what was just withdrawn."""
    said = [
        _("You are forgotten."),
        _.ngettext("{count} vote deleted.", "{count} votes deleted.", done.num_votes).format(
            count=done.num_votes
        ),
        _.ngettext("{count} verse let go of.", "{count} verses let go of.", done.num_verses).format(
            count=done.num_verses
        ),
        _.ngettext("{count} beat let go of.", "{count} beats let go of.", done.num_beats).format(
            count=done.num_beats
        ),
        _.ngettext(
            "{count} submission erased.", "{count} submissions erased.", done.num_lyrics
        ).format(count=done.num_lyrics),
    ]
    if versions:
        said.append(
            _(
                "These versions of the model have learned them: {versions}. None of them is"
                " live after the next training."
            ).format(versions=", ".join(map(neutralise, versions)))
        )
    return said


async def _say(interaction: discord.Interaction, said: str) -> None:
    embed = discord.Embed(description=said, colour=COLOUR)
    await interaction.response.edit_message(embed=embed, view=None)
