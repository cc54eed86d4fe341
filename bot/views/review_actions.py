"""What reviewers press: approve, refuse, skip, go back, look at others, take a decision back."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import discord
from pydantic import Field

from bot.errors import CannotTakeBack
from bot.moderation import neutralise, plain
from bot.rendering.beat_files import BeatFiles
from bot.store import Lyrics
from bot.submissions import STEPS_PER_BEAT, Findings
from bot.views.admins import require_reviewer
from bot.views.arguments import Number
from bot.views.buttons import ActionButton, button, view_of
from bot.views.card import COLOUR, Card
from bot.views.language import translator_for
from bot.views.mistakes import answering_mistakes
from bot.views.review_card import Reviewed, review_card
from bot.views.review_queue import ALL, Shown, in_review
from bot.views.review_texts import OTHER, REASONS
from bot.views.services import rules_of, services_of, settings_of

Place = Annotated[int, Field(ge=0, lt=2**63)]  # the number of a row, or 0 before the first

_MAX_REASON = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KEPT_S = 24 * 3600.0


async def next_in_review(
    interaction: discord.Interaction, after_id: int = 0, shown: Shown = ALL
) -> Card:
    """The first submission after that one; from the start where none is left."""
    waiting = in_review(shown, interaction.guild_id)
    found = await services_of(interaction).store.review.next(waiting, after_id)
    return await _card(interaction, found, shown)


async def show(interaction: discord.Interaction, card: Card, said: str | None = None) -> None:
    """To the reviewer alone: a new message, or in the place of the one that is pressed."""
    message = {**card.as_message(), "content": said}
    if interaction.response.is_done():
        await interaction.edit_original_response(**message)
    elif interaction.type is discord.InteractionType.application_command:
        await interaction.response.send_message(**card.as_reply(), ephemeral=True)
    else:
        await interaction.response.edit_message(**message)


async def review(
    interaction: discord.Interaction, order: str, lyrics_id: Place, shown: Shown = ALL
) -> None:
    await require_reviewer(interaction)
    match order:
        case "approve":
            await _decide(interaction, lyrics_id, shown, approve=True)
        case "refuse":  # of cards that were sent before there were reasons
            await _decide(interaction, lyrics_id, shown, approve=False)
        case "back":
            waiting = in_review(shown, interaction.guild_id)
            found = await services_of(interaction).store.review.previous(waiting, lyrics_id)
            await show(interaction, await _card(interaction, found, shown))
        case _:
            await show(interaction, await next_in_review(interaction, lyrics_id, shown))


async def refuse(
    interaction: discord.Interaction, lyrics_id: Number, shown: Shown, reason: str
) -> None:
    """`reason` is one of those that are ready, or asks for a form."""
    await require_reviewer(interaction)
    if reason == OTHER:
        await interaction.response.send_modal(ReasonModal(interaction, lyrics_id, shown))
    elif reason in REASONS:
        await _decide(interaction, lyrics_id, shown, approve=False, reason=reason)


async def look_at(interaction: discord.Interaction, shown: Shown) -> None:
    await require_reviewer(interaction)
    await show(interaction, await next_in_review(interaction, 0, shown))


async def take_back(interaction: discord.Interaction, decided_at: Number, shown: Shown) -> None:
    """Whatever this reviewer decided on at that moment, be it one or many."""
    await require_reviewer(interaction)
    try:
        moment = _EPOCH + decided_at * _MICROSECOND
    except OverflowError:
        raise CannotTakeBack from None
    back = await services_of(interaction).store.review.take_back(
        interaction.guild_id, interaction.user.id, moment
    )
    _ = translator_for(interaction)
    said = _.ngettext(
        "↩️ {count} submission is in review again.",
        "↩️ {count} submissions are in review again.",
        len(back),
    ).format(count=len(back))
    await show(interaction, await next_in_review(interaction, back[0].id - 1, shown), said)


async def show_decided(
    interaction: discord.Interaction, decided: list[Lyrics], shown: Shown, said: str
) -> None:
    """What was decided, the way back, and the next one."""
    last = decided[-1]
    card = await next_in_review(interaction, last.id, shown)
    card.view.add_item(_way_back(interaction, last, shown))
    await show(interaction, card, said)


class ReasonModal(discord.ui.Modal):
    """Asks for a reason that is not among the ready ones."""

    def __init__(self, interaction: discord.Interaction, lyrics_id: int, shown: Shown) -> None:
        _ = translator_for(interaction)
        super().__init__(title=_("Refuse submission {number}").format(number=lyrics_id))
        self.timeout = _KEPT_S
        self.lyrics_id, self.shown = lyrics_id, shown
        self.reason = discord.ui.TextInput[Any](custom_id="reason", max_length=_MAX_REASON)
        hint = _("Whoever handed it in reads this with /withdraw.")
        self.add_item(discord.ui.Label(text=_("Reason"), description=hint, component=self.reason))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await answering_mistakes(interaction, self._refuse, typed=self.reason.value)

    async def _refuse(self, interaction: discord.Interaction) -> None:
        await require_reviewer(interaction)
        reason = plain(self.reason.value) or None
        await _decide(interaction, self.lyrics_id, self.shown, approve=False, reason=reason)


async def _decide(
    interaction: discord.Interaction,
    lyrics_id: int,
    shown: Shown,
    *,
    approve: bool,
    reason: str | None = None,
) -> None:
    lyrics = await services_of(interaction).store.lyrics.review(
        lyrics_id,
        approve,
        interaction.user.id,
        reason,
        guild_id=interaction.guild_id,
        may_own=interaction.permissions.manage_guild,
    )
    _ = translator_for(interaction)
    said = _("❌ Refused: “{title}” ({artist}).")
    if approve:
        said = _("✅ Approved: “{title}” ({artist}).")
    said = said.format(
        title=neutralise(plain(lyrics.title)), artist=neutralise(plain(lyrics.artist))
    )
    await show_decided(interaction, [lyrics], shown, said)


async def _card(interaction: discord.Interaction, lyrics: Lyrics | None, shown: Shown) -> Card:
    _ = translator_for(interaction)
    store = services_of(interaction).store.review
    num_waiting = await store.num(in_review(ALL, interaction.guild_id))
    if lyrics is None:
        return _nothing_left(interaction, num_waiting)
    findings = Findings.from_json(lyrics.findings)
    rules = rules_of(interaction, await settings_of(interaction))
    blocked = {line + 1 for line in rules.flagged_lines(lyrics.text)}
    found = findings.flagged_lines if findings else frozenset[int]()
    reviewed = Reviewed(
        lyrics=lyrics,
        findings=findings,
        flagged_lines=found | blocked,
        likeness=await services_of(interaction).submissions.likeness(lyrics),
        record=await store.record_of(lyrics.submitter_id or 0, interaction.guild_id),
        shown=shown,
        num_shown=await store.num(in_review(shown, interaction.guild_id)),
        num_waiting=num_waiting,
        music=await _music(interaction, lyrics.midi),
    )
    return review_card(reviewed, _)


async def _music(interaction: discord.Interaction, midi: bytes | None) -> BeatFiles | None:
    """To see and hear. Takes longer than the three seconds that Discord gives for an answer."""
    if midi is None:
        return None
    if not interaction.response.is_done():
        await interaction.response.defer(ephemeral=True)
    files = services_of(interaction).beat_files
    return await files.again(midi, steps_per_beat=STEPS_PER_BEAT)


def _way_back(interaction: discord.Interaction, decided: Lyrics, shown: Shown) -> ActionButton:
    _ = translator_for(interaction)
    moment = decided.reviewed_at or _EPOCH
    return button("takeback", (moment - _EPOCH) // _MICROSECOND, shown, label=_("↩️ Take back"))


def _nothing_left(interaction: discord.Interaction, num_waiting: int) -> Card:
    _ = translator_for(interaction)
    if num_waiting:
        embed = discord.Embed(title=_("None of these is in review any more"), colour=COLOUR)
        return Card(embed, view_of(button("review", "next", 0, ALL, label=_("Show everything"))))
    embed = discord.Embed(
        title=_("Nothing is in review"),
        description=_(
            "What members hand in with /submit comes here. /retrain learns what you approved."
        ),
        colour=COLOUR,
    )
    return Card(embed, view_of())
