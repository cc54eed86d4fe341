"""One submission as its reviewer sees it: the words, or the music, where it is from, and what is
doubtful.
"""

import io
from dataclasses import dataclass

import discord

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.rendering.beat_files import BeatFiles
from bot.store import Lyrics, SubmitterRecord
from bot.submissions import Findings, Likeness
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, Card, shortened
from bot.views.menus import select
from bot.views.music import attach_music
from bot.views.review_queue import Shown, bulk_options, shown_options
from bot.views.review_texts import OTHER, doubt_text, ready_reasons
from bot.views.submit_modal import TYPED

_MARK = "⚠️ "
_MAX_DESCRIPTION = 3500  # of 4,096, and of the 6,000 that an embed may have in all
_MAX_TITLE = 256
_MAX_FIELD = 1024
_NUM_LINES_QUOTED = 3
_MAX_QUOTED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Everything that is told of one submission. `flagged_lines` count from 1."""

    lyrics: Lyrics
    findings: Findings | None
    flagged_lines: frozenset[int]
    likeness: Likeness | None
    record: SubmitterRecord
    shown: Shown
    num_shown: int
    num_waiting: int
    music: BeatFiles | None = None  # of a beat


def review_card(reviewed: Reviewed, _: Translator) -> Card:
    lyrics = reviewed.lyrics
    title = f"{neutralise(plain(lyrics.artist))} – {neutralise(plain(lyrics.title))}"
    embed = discord.Embed(title=title[:_MAX_TITLE], colour=COLOUR)
    if reviewed.music is None:
        files = _add_words(embed, reviewed, _)
    else:
        embed, files = attach_music(embed, _file_name(lyrics), reviewed.music, _)
        if reviewed.music.description is not None:
            embed.description = _.say(reviewed.music.description)
    _add_fields(embed, reviewed, _)
    embed.set_footer(
        text=_("submission {number} · {shown} of {count} in review").format(
            number=lyrics.id, shown=reviewed.num_shown, count=reviewed.num_waiting
        )
    )
    return Card(embed, _view(reviewed, _), files)


def _add_words(embed: discord.Embed, reviewed: Reviewed, _: Translator) -> tuple[discord.File, ...]:
    words = _marked(reviewed.lyrics.text, reviewed.flagged_lines)
    embed.description = shown = neutralise(words)
    if len(shown) <= _MAX_DESCRIPTION:
        return ()
    embed.description = shortened(shown, _("… all of it is attached."), _MAX_DESCRIPTION)
    return (discord.File(io.BytesIO(words.encode()), f"{_file_name(reviewed.lyrics)}.txt"),)


def _file_name(lyrics: Lyrics) -> str:
    return f"submission-{lyrics.id}"


def _add_fields(embed: discord.Embed, reviewed: Reviewed, _: Translator) -> None:
    lyrics, record = reviewed.lyrics, reviewed.record
    member = lyrics.submitter_id or 0
    since = discord.utils.format_dt(discord.utils.snowflake_time(member), "D")
    who = _("<@{member}>\n✅ {approved} · ❌ {refused} before\naccount since {since}").format(
        member=member, approved=record.num_approved, refused=record.num_refused, since=since
    )
    embed.add_field(name=_("From"), value=who)
    source = _("typed") if lyrics.source == TYPED else neutralise(plain(lyrics.source))
    when = discord.utils.format_dt(lyrics.created_at, "R")
    came = f"{when}\n{source[:_MAX_TITLE]}"
    if lyrics.text:
        came += "\n" + _("{count:,} characters").format(count=len(lyrics.text))
    embed.add_field(name=_("Came"), value=came)
    if lyrics.kind == "lyrics":
        embed.add_field(name=_("Language"), value=_language(reviewed, _))
    if reviewed.likeness is not None:
        words = _likeness(reviewed.likeness, _)[:_MAX_FIELD]
        embed.add_field(name=_("In common"), value=words, inline=False)
    if doubts := _doubts(reviewed, _):
        embed.add_field(name=_("Doubts"), value=doubts[:_MAX_FIELD], inline=False)


def _language(reviewed: Reviewed, _: Translator) -> str:
    findings = reviewed.findings
    if findings is None:
        return _.name_of(reviewed.lyrics.language)
    sure = round(100 * findings.language_confidence)
    return _("{language}, {percent} % sure").format(
        language=_.name_of(findings.language), percent=sure
    )


def _likeness(likeness: Likeness, _: Translator) -> str:
    other = likeness.other
    told = _("{percent} % of the words are in “{title}” by {artist} (number {number}).")
    if other.kind == "beats":
        told = _("{percent} % of the music, in any key, is in “{title}” (number {number}).")
    told = told.format(
        percent=round(100 * likeness.share),
        title=neutralise(plain(other.title)),
        artist=neutralise(plain(other.artist)),
        number=other.id,
    )
    quoted = (neutralise(line[:_MAX_QUOTED]) for line in likeness.lines[:_NUM_LINES_QUOTED])
    return "\n".join([told, *(f"> {line}" for line in quoted)])


def _doubts(reviewed: Reviewed, _: Translator) -> str:
    flags = reviewed.findings.flags if reviewed.findings else ()
    return "\n".join(_MARK + doubt_text(flag, _) for flag in flags)


def _marked(text: str, flagged_lines: frozenset[int]) -> str:
    lines = enumerate(text.split("\n"), 1)
    return "\n".join(_MARK + line if number in flagged_lines else line for number, line in lines)


def _view(reviewed: Reviewed, _: Translator) -> discord.ui.View:
    number, shown = reviewed.lyrics.id, reviewed.shown
    several = reviewed.num_shown > 1
    reasons = ready_reasons([reviewed.lyrics.kind], _) | {OTHER: _("Another reason…")}
    success = discord.ButtonStyle.success
    return view_of(
        button("review", "approve", number, shown, label=_("Approve"), style=success),
        button("review", "back", number, shown, label=_("Back"), is_enabled=several),
        button("review", "next", number, shown, label=_("Skip"), is_enabled=several),
        select("refuse", number, shown, placeholder=_("Refuse, because …"), options=reasons),
        select("queue", placeholder=_("Show …"), options=shown_options(reviewed.lyrics, shown, _)),
        select(
            "bulk",
            number,
            shown,
            placeholder=_("Decide on many at once …"),
            options=bulk_options(reviewed.lyrics, shown, _),
        ),
    )
