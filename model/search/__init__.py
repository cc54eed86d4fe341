"""Writes verses line by line: several tries at each, and the best of them stays."""

from model.search.batch import write_verses
from model.search.plan import SearchedVerse, VersePlan
from model.search.verse_search import Tools, VerseSearch
from model.search.writer import Writer

__all__ = ["SearchedVerse", "Tools", "VersePlan", "VerseSearch", "Writer", "write_verses"]
