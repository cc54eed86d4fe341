"""The form for handing in lyrics or a beat, and what happens with what was typed or attached."""

from dataclasses import dataclass
from typing import Any

import discord

from bot.errors import BadLyrics
from bot.locale import N_, Translator
from bot.moderation import neutralise, plain
from bot.store import LessonKind, Lyrics
from bot.submissions import HandedIn, Submitter
from bot.views.language import translator_for
from bot.views.mistakes import answering_mistakes
from bot.views.private import send_privately
from bot.views.services import services_of

TYPED = "modal"  # the source of lyrics that were typed into the form

_MAX_TITLE = 200
_MAX_TYPED = 4000  # Discord's limit for a text input
_KEPT_S = 24 * 3600.0  # Discord does not tell when somebody closes a form without sending it


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    artist: str  # or a style
    file: discord.Attachment | None = None
    kind: LessonKind = "lyrics"


class SubmitModal(discord.ui.Modal):
    """Asks for the title, the words (unless there is a file), and consent."""

    def __init__(self, submission: Submission, _: Translator) -> None:
        titles = {"lyrics": _("Hand in lyrics"), "beats": _("Hand in a beat")}
        super().__init__(title=titles[submission.kind], timeout=_KEPT_S)
        self.submission = submission
        self.song = discord.ui.TextInput[Any](
            custom_id="title", max_length=_MAX_TITLE, default=_title_of(submission.file)
        )
        self.lyrics = discord.ui.TextInput[Any](
            custom_id="lyrics", style=discord.TextStyle.long, max_length=_MAX_TYPED
        )
        self.consent = discord.ui.Checkbox[Any](custom_id="consent")
        self.add_item(discord.ui.TextDisplay(_notice(submission, _)))
        self._ask(_("Song"), _("Its title"), self.song)
        if submission.file is None:
            hint = _(
                "One line a row, verses parted by an empty row. Longer ones: /submit with a"
                " text file."
            )
            self._ask(_("Lyrics"), hint, self.lyrics)
        self._ask(*_consent(submission.kind, _), self.consent)

    def _ask(self, text: str, hint: str, component: discord.ui.Item[Any]) -> None:
        self.add_item(discord.ui.Label(text=text, description=hint, component=component))

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        await answering_mistakes(interaction, self._hand_in, typed=self.lyrics.value)

    async def _hand_in(self, interaction: discord.Interaction) -> None:
        _ = translator_for(interaction)
        if not self.consent.value:
            raise BadLyrics(
                N_("Without your consent I keep nothing. Tick “I may share …” to hand this in.")
            )
        await interaction.response.defer(ephemeral=True, thinking=True)
        file = self.submission.file
        handed_in = HandedIn(
            kind=self.submission.kind,
            artist=self.submission.artist,
            title=plain(self.song.value) or _("untitled"),
            content=await file.read() if file else self.lyrics.value,
            source=file.filename if file else TYPED,
        )
        submissions = services_of(interaction).submissions
        lyrics = await submissions.take(handed_in, submitter_of(interaction))
        await send_privately(interaction, content=_thanks(lyrics, _))


def _notice(submission: Submission, _: Translator) -> str:
    notice = _(
        "Lyrics of **{artist}**. An admin of this server reads them first. **Approved"
        " lyrics train the model.** /withdraw takes them back."
    )
    if submission.kind == "beats":
        notice = _(
            "A beat in the style **{artist}**. An admin of this server hears it first. **Approved"
            " beats train the model.** Of the file only the notes are kept. /withdraw takes it"
            " back."
        )
    return notice.format(artist=neutralise(submission.artist))


def _thanks(lyrics: Lyrics, _: Translator) -> str:
    thanks = _(
        "Thank you! “{title}” by {artist} is in review as submission {number}."
        " /withdraw takes it back."
    )
    if lyrics.kind == "beats":
        thanks = _(
            "Thank you! “{title}” ({artist}) is in review as submission {number}."
            " /withdraw takes it back."
        )
    return thanks.format(
        title=neutralise(lyrics.title), artist=neutralise(lyrics.artist), number=lyrics.id
    )


def _consent(kind: LessonKind, _: Translator) -> tuple[str, str]:
    if kind == "beats":
        agree = _("and I agree that it is kept and trains this bot's model")
        return _("I may share this music"), agree
    agree = _("and I agree that they are kept and train this bot's model")
    return _("I may share these lyrics"), agree


def submitter_of(interaction: discord.Interaction) -> Submitter:
    user = interaction.user
    return Submitter(
        user_id=user.id, guild_id=interaction.guild_id, has_account_since=user.created_at
    )


def _title_of(file: discord.Attachment | None) -> str | None:
    """The title that a file's name suggests."""
    if file is None:
        return None
    stem = file.filename.rpartition(".")[0] or file.filename
    return plain(stem.replace("_", " "))[:_MAX_TITLE] or None
