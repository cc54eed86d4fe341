"""Which submissions a reviewer looks at: all, those without doubts, those with, one member's."""

from typing import TypeAlias

from bot.locale import Translator
from bot.store import InReview, Lyrics

# In a custom_id: "all", "clear", "doubtful", or "by" and the number of a member.
Shown: TypeAlias = str

ALL, CLEAR, DOUBTFUL, _BY = "all", "clear", "doubtful", "by"


def by_member(submitter_id: int | None) -> Shown:
    return f"{_BY}{submitter_id}"


def in_review(shown: Shown, guild_id: int | None, not_by: int | None = None) -> InReview:
    """For an unknown word, everything."""
    number = shown.removeprefix(_BY)
    if shown.startswith(_BY) and number.isdecimal() and (submitter_id := int(number)) < 2**63:
        return InReview(guild_id=guild_id, submitter_id=submitter_id, not_by=not_by)
    is_flagged = {CLEAR: False, DOUBTFUL: True}.get(shown)
    return InReview(guild_id=guild_id, is_flagged=is_flagged, not_by=not_by)


def shown_options(lyrics: Lyrics, shown: Shown, _: Translator) -> dict[str, str]:
    options = {
        ALL: _("Show everything"),
        CLEAR: _("Show those without doubts"),
        DOUBTFUL: _("Show those with doubts"),
        by_member(lyrics.submitter_id): _("Show those of this member"),
    }
    options.pop(shown, None)
    return options


def bulk_options(lyrics: Lyrics, shown: Shown, _: Translator) -> dict[str, str]:
    """A decision and what it is on, such as "approve-clear"."""
    member = by_member(lyrics.submitter_id)
    options = {
        f"approve-{CLEAR}": _("Approve all without doubts …"),
        f"approve-{member}": _("Approve all of this member …"),
        f"refuse-{member}": _("Refuse all of this member …"),
    }
    if shown != CLEAR and shown != member:
        options[f"approve-{shown}"] = _("Approve all that are shown …")
    if shown != member:
        options[f"refuse-{shown}"] = _("Refuse all that are shown …")
    return options
