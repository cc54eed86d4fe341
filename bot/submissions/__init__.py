"""Lyrics and beats that members hand in: admitted, looked at, compared, and queued for review."""

from bot.submissions.findings import Findings, Flag, FlagKind
from bot.submissions.music_reader import STEPS_PER_BEAT
from bot.submissions.service import HandedIn, Likeness, SubmissionService, Submitter

__all__ = [
    "STEPS_PER_BEAT",
    "Findings",
    "Flag",
    "FlagKind",
    "HandedIn",
    "Likeness",
    "SubmissionService",
    "Submitter",
]
