"""Decisions on many submissions at once: first exactly what would happen, then, if wanted, that."""

from collections import Counter
from collections.abc import Sequence

import discord

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.store import InReview, Lyrics
from bot.views.admins import require_reviewer
from bot.views.arguments import Count, Number
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, Card
from bot.views.language import translator_for
from bot.views.menus import select
from bot.views.review_actions import next_in_review, show, show_decided
from bot.views.review_queue import Shown, in_review
from bot.views.review_texts import REASONS, ready_reasons
from bot.views.services import services_of

MAX_AT_ONCE = 200
_NUM_NAMED = 15
_MAX_NAME = 80


async def propose(
    interaction: discord.Interaction, lyrics_id: Number, shown: Shown, choice: str
) -> None:
    """`choice` is a decision and what it is on. Nothing is decided yet."""
    await require_reviewer(interaction)
    decision, _, meant = choice.partition("-")
    approve = decision == "approve"
    found = await services_of(interaction).store.review.oldest(
        _meant(interaction, meant, approve=approve), MAX_AT_ONCE
    )
    if found:
        card = _proposal(found, meant, lyrics_id, shown, translator_for(interaction), approve)
    else:
        card = await next_in_review(interaction, lyrics_id - 1, shown)
    await show(interaction, card)


async def approve_all(
    interaction: discord.Interaction, meant: Shown, up_to_id: Number, expected: Count
) -> None:
    await _decide(interaction, meant, up_to_id, expected, approve=True)


async def refuse_all(
    interaction: discord.Interaction, meant: Shown, up_to_id: Number, expected: Count, reason: str
) -> None:
    if reason in REASONS:
        await _decide(interaction, meant, up_to_id, expected, approve=False, reason=reason)


async def _decide(
    interaction: discord.Interaction,
    meant: Shown,
    up_to_id: int,
    expected: int,
    *,
    approve: bool,
    reason: str | None = None,
) -> None:
    await require_reviewer(interaction)
    decided = await services_of(interaction).store.review.decide_all(
        _meant(interaction, meant, approve=approve),
        approve,
        interaction.user.id,
        reason,
        up_to_id=up_to_id,
        expected=expected,
    )
    _, count = translator_for(interaction), len(decided)
    said = _.ngettext("❌ {count} submission refused.", "❌ {count} submissions refused.", count)
    if approve:
        said = _.ngettext(
            "✅ {count} submission approved.", "✅ {count} submissions approved.", count
        )
    await show_decided(interaction, decided, meant, said.format(count=count))


def _meant(interaction: discord.Interaction, shown: Shown, *, approve: bool) -> InReview:
    """Without what the reviewer handed in, where they may not approve that."""
    may_own = interaction.permissions.manage_guild or not approve
    return in_review(shown, interaction.guild_id, None if may_own else interaction.user.id)


def _proposal(
    found: Sequence[Lyrics],
    meant: Shown,
    back_to: int,
    shown: Shown,
    _: Translator,
    approve: bool,
) -> Card:
    count, last = len(found), found[-1].id
    title = _.ngettext("Refuse {count} submission?", "Refuse {count} submissions?", count)
    if approve:
        title = _.ngettext("Approve {count} submission?", "Approve {count} submissions?", count)
    embed = discord.Embed(
        title=title.format(count=count), description=_listed(found, _), colour=COLOUR
    )
    embed.set_footer(
        text=_("Nothing is decided yet. You can take it back until a training learns from it.")
    )
    cancel = button("review", "next", back_to - 1, shown, label=_("Cancel"))
    if approve:
        label = _.ngettext("Approve {count}", "Approve {count}", count).format(count=count)
        style = discord.ButtonStyle.success
        confirm = button("approveall", meant, last, count, label=label, style=style)
        return Card(embed, view_of(confirm, cancel))
    reasons = ready_reasons({each.kind for each in found}, _)
    placeholder = _.ngettext(
        "Refuse {count}, because …", "Refuse all {count}, because …", count
    ).format(count=count)
    refuse = select("refuseall", meant, last, count, placeholder=placeholder, options=reasons)
    return Card(embed, view_of(refuse, cancel))


def _listed(found: Sequence[Lyrics], _: Translator) -> str:
    members = Counter(each.submitter_id for each in found)
    lines = [
        _("of <@{member}>: {count}").format(member=member, count=count)
        for member, count in members.most_common(_NUM_NAMED)
    ]
    lines.append("")
    lines += [
        f"**{each.id}** · {_name(each.artist)} – {_name(each.title)}" for each in found[:_NUM_NAMED]
    ]
    if len(found) > _NUM_NAMED:
        lines.append(_("… and {count} more").format(count=len(found) - _NUM_NAMED))
    return "\n".join(lines)


def _name(text: str) -> str:
    return neutralise(plain(text)[:_MAX_NAME])
