"""The versions of the model as cards: all of them page by page, one of them, and the way back."""

import io
from collections.abc import Sequence
from datetime import datetime

import discord

from bot.locale import N_, Translator
from bot.moderation import neutralise, plain
from bot.retraining import Version
from bot.store import LearnedSongs, LessonKind, VoteCount
from bot.views.buttons import ActionButton, button, view_of
from bot.views.card import COLOUR, Card

NUM_ON_PAGE = 5
_MAX_ARTISTS = 5
_STATES = {
    "shadow": N_("🧪 being tried out"),
    "live": N_("🟢 live"),
    "retired": N_("was live"),
    "rejected": N_("rejected"),
}
_NO_NAME = "\u200b"  # Discord wants a name for every field


def versions_page(
    versions: Sequence[Version], page: int, guild_id: int | None, _: Translator
) -> Card:
    """`page` counts from 0; one that is gone gives the last one. `guild_id` is of who asks."""
    num_pages = max(1, -(-len(versions) // NUM_ON_PAGE))
    page = min(page, num_pages - 1)
    shown = versions[page * NUM_ON_PAGE :][:NUM_ON_PAGE]
    embed = discord.Embed(title=_("Versions of the model"), colour=COLOUR)
    for number, version in enumerate(shown, start=1):
        name = f"{number}. {heading(version, _)}"
        embed.add_field(name=name, value=summary(version, guild_id, _), inline=False)
    buttons = [button("model", "show", each.key, label=str(n)) for n, each in enumerate(shown, 1)]
    if num_pages > 1:
        said = _("page {page} of {num_pages}").format(page=page + 1, num_pages=num_pages)
        embed.set_footer(text=said)
        back = button("model", "page", page - 1, emoji="◀️", is_enabled=page > 0)
        on = button("model", "page", page + 1, emoji="▶️", is_enabled=page < num_pages - 1)
        buttons += [back, on]
    return Card(embed, view_of(*buttons))


def version_card(
    version: Version, guild_id: int | None, picture: bytes | None, _: Translator
) -> Card:
    record = version.record
    embed = discord.Embed(
        title=heading(version, _), description=summary(version, guild_id, _), colour=COLOUR
    )
    _tell_who(embed, version, _)
    buttons = [
        button(
            "model",
            "back",
            version.key,
            label=_("Roll back to this …"),
            emoji="⏪",
            is_enabled=version.is_way_back,
        ),
        button(
            "model",
            "compare",
            version.key,
            label=_("Compare with the live one"),
            emoji="⚖️",
            is_enabled=not version.is_live and version.kind == "lyrics",
        ),
        _pin_button(version, _),
        button("model", "page", 0, label=_("All versions"), emoji="📚"),
    ]
    if record.state == "shadow":
        buttons += [
            button("model", "take", version.key, label=_("Take it now"), emoji="✅"),
            button("model", "drop", version.key, label=_("Drop it"), emoji="🗑️"),
        ]
    if picture is None:
        return Card(embed, view_of(*buttons))
    embed.set_image(url="attachment://curve.png")
    return Card(embed, view_of(*buttons), (discord.File(io.BytesIO(picture), "curve.png"),))


def _tell_who(embed: discord.Embed, version: Version, _: Translator) -> None:
    """Who rolled back to it, and who pinned it."""
    record = version.record
    if record.promoted_at is not None and record.promoted_by is not None:
        said = _("{when}, rolled back to by {member}").format(
            when=_moment(record.promoted_at), member=f"<@{record.promoted_by}>"
        )
        embed.add_field(name=_("Live since") if version.is_live else _("Last live"), value=said)
    if record.pinned_at is not None and record.pinned_by is not None:
        embed.add_field(name=_("Pinned by"), value=f"<@{record.pinned_by}>")


def way_back_card(live: Version, target: Version, guild_id: int | None, _: Translator) -> Card:
    """What would be undone, what would be live, and the button that does it."""
    embed = discord.Embed(
        title=_("Roll back to {version}?").format(version=_name(target)),
        description=_(
            "Verses under way finish, new ones are written by {version} at once, and the next"
            " training run starts from it. A run that is under way ends. You can come back"
            " the same way."
        ).format(version=_name(target)),
        colour=COLOUR,
    )
    for title, version in ((_("Live now"), live), (_("Live then"), target)):
        value = f"**{heading(version, _)}**\n{summary(version, guild_id, _)}"
        embed.add_field(name=title, value=value, inline=False)
    confirm = button(
        "model", "rollback", target.key, label=_("Roll back"), style=discord.ButtonStyle.danger
    )
    leave = button("model", "show", target.key, label=_("Leave it"))
    return Card(embed, view_of(confirm, leave))


def heading(version: Version, _: Translator) -> str:
    """Name, state and pin."""
    state = _STATES.get(version.record.state, version.record.state)
    parts = [_name(version), _(state)]
    if version.kind == "beats":
        parts.insert(1, _("🎹 of beats"))
    if version.record.pinned_at is not None:
        parts.append(_("📌 pinned"))
    if version.folder is None:
        parts.append(_("files removed"))
    return " · ".join(parts)


def summary(version: Version, guild_id: int | None, _: Translator) -> str:
    """From what, when, what it learned, what it measures, how it is liked, and a warning."""
    record = version.record
    when = _moment(record.created_at)
    if record.parent is None:
        lines = [_("the first one · since {when}").format(when=when)]
    else:
        parent = neutralise(plain(record.parent))
        lines = [_("made from {parent} · {when}").format(parent=parent, when=when)]
    lines += [learned(version, guild_id, _), _figures(version, _), liked(version.votes, _)]
    if version.has_withdrawn:
        lines.append(_("⚠️ trained on lyrics that were withdrawn; replaced at the next run"))
    return "\n".join(line for line in lines if line)


def learned(version: Version, guild_id: int | None, _: Translator) -> str:
    """The new songs by artist; artists of other servers are a number."""
    if version.lesson is None or not version.lesson.songs:
        return ""
    seen = [each for each in version.lesson.songs if each.guild_id in (None, guild_id)]
    named = tuple(_of_one(version.kind, each, _) for each in seen[:_MAX_ARTISTS])
    num_more = len(version.lesson.songs) - len(named)
    if num_more:
        text = _.ngettext("{count} other artist", "{count} other artists", num_more)
        named += (text.format(count=num_more),)
    return _("learned {songs}").format(songs=_.pgettext("between names", ", ").join(named))


def _of_one(kind: LessonKind, songs: LearnedSongs, _: Translator) -> str:
    said = _.ngettext("{count} song of {artist}", "{count} songs of {artist}", songs.num_songs)
    if kind == "beats":
        said = _.ngettext("{count} beat ({artist})", "{count} beats ({artist})", songs.num_songs)
    return said.format(count=songs.num_songs, artist=neutralise(plain(songs.artist)))


def liked(votes: VoteCount, _: Translator) -> str:
    num_votes = votes.up + votes.down
    if not num_votes:
        return _("no votes yet")
    text = _.ngettext("👍 {share} of {count} vote", "👍 {share} of {count} votes", num_votes)
    return text.format(share=f"{votes.up / num_votes:.0%}", count=num_votes)


def _figures(version: Version, _: Translator) -> str:
    new, others = (_pair(version, name) for name in ("new_songs", "others"))
    if new is None:
        return ""
    said = _("new songs {before:.3f} → {after:.3f} bits per character")
    if version.kind == "beats":
        said = _("new beats {before:.3f} → {after:.3f} bits per frame")
    parts = [said.format(before=new[0], after=new[1])]
    if others is not None:
        parts.append(_("others {change:+.3f}").format(change=others[1] - others[0]))
    return " · ".join(parts)


def _pair(version: Version, name: str) -> tuple[float, float] | None:
    values = version.record.figures.get(name)
    if not isinstance(values, dict):
        return None
    before, after = values.get("live"), values.get("candidate")
    if not isinstance(before, float | int) or not isinstance(after, float | int):
        return None
    return before, after


def _pin_button(version: Version, _: Translator) -> ActionButton:
    if version.record.pinned_at is not None:
        return button("model", "unpin", version.key, label=_("Unpin"), emoji="📌")
    can_pin = version.folder is not None and version.record.state != "rejected"
    return button("model", "pin", version.key, label=_("Pin"), emoji="📌", is_enabled=can_pin)


def _name(version: Version) -> str:
    return neutralise(plain(version.name))


def _moment(when: datetime) -> str:
    return discord.utils.format_dt(when)
