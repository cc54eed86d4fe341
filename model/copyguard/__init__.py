"""No verse repeats a lyric: an index of all runs of words, and a guard that asks it by the line."""

from model.copyguard.guard import VerseGuard
from model.copyguard.index import MAX_RUN, CopyIndex
from model.copyguard.overlay import CopyOverlay

__all__ = ["MAX_RUN", "CopyIndex", "CopyOverlay", "VerseGuard"]
