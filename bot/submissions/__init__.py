"""Lyrics that members hand in: admitted, looked at, compared, and put in the queue for review."""

from bot.submissions.findings import Findings, Flag, FlagKind
from bot.submissions.service import HandedIn, Likeness, SubmissionService, Submitter

__all__ = ["Findings", "Flag", "FlagKind", "HandedIn", "Likeness", "SubmissionService", "Submitter"]
