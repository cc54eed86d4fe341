"""How an artist makes lines: the words that end them, the rhyme scheme, how long they are."""

from model.craft.craft import Craft
from model.craft.habits import BALLAD, Habits
from model.craft.lexicon import RhymeLexicon

__all__ = ["BALLAD", "Craft", "Habits", "RhymeLexicon"]
