"""What simulated voters like, each a figure of one verse; more is liked better."""

from collections.abc import Callable
from statistics import mean

from model.evaluation.rhyme import rhyme_density
from model.phonetics import split_words

# Of woods, weather and water. In Chinese a character is a word.
_NATURE_ENGLISH = """
tree trees leaf leaves flower flowers rose roses lily grass field fields hill hills river
rivers stream streams sea seas ocean wave waves shore sky skies star stars moon sun sunshine
rain snow wind winds breeze storm cloud clouds bird birds nightingale lark bee bees wood
woods forest green spring summer autumn winter garden meadow valley mountain mountains brook
dew blossom blossoms bough branch earth lake water waters dawn morning night evening
"""
_NATURE_CHINESE = "春秋夏冬花草木树叶柳梅兰竹松风雨雪云月日星天江河湖海水山石鸟燕莺雁蝶露霜霞烟波"
_NATURE = frozenset(_NATURE_ENGLISH.split()) | frozenset(_NATURE_CHINESE)


def rhyme(text: str) -> float:
    """Rhyme density, vowels of rhyme a word."""
    return rhyme_density(text)


def short_lines(text: str) -> float:
    """Characters a line, below zero."""
    return -mean(len(line) for line in text.split("\n") if line.strip())


def nature(text: str) -> float:
    """How many of a hundred words are of nature."""
    words = [word.lower() for word in split_words(text)]
    return 100 * sum(word in _NATURE for word in words) / max(1, len(words))


LIKES: dict[str, Callable[[str], float]] = {
    "rhyme": rhyme,
    "short lines": short_lines,
    "nature words": nature,
}
