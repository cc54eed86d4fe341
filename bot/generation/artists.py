"""Finding artists by name the way people type: any case, without accents, with slips of the pen."""

import unicodedata
from collections import Counter

from bot.errors import UnknownArtist

_MIN_SIMILARITY = 0.3
_NUM_NEAREST = 5
# Letters that Unicode does not take apart.
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "&": " and ",
    }
)


class ArtistIndex:
    """The names of one checkpoint, searchable; a search over a thousand names takes a millisecond.

    Similarity is that of Dice over pairs of letters, which forgives typing errors in any script.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self._words = [_words(name) for name in names]
        self._keys = [
            "".join(words) or name.casefold()
            for name, words in zip(names, self._words, strict=True)
        ]
        self._by_key = {
            key: name for name, key in zip(reversed(names), reversed(self._keys), strict=True)
        }
        self._pairs = [_letter_pairs(key) for key in self._keys]

    def resolve(self, name: str) -> str:
        """The artist of that name, whatever its case, accents and punctuation.

        Raises UnknownArtist with the nearest names.
        """
        if name in self.names:
            return name
        found = self._by_key.get(key_of(name))
        if found is None:
            raise UnknownArtist(name.strip(), self.nearest(name))
        return found

    def nearest(self, name: str, limit: int = _NUM_NEAREST) -> tuple[str, ...]:
        """Names that somebody may have meant, the likeliest first; may be empty."""
        pairs = _letter_pairs(key_of(name))
        scores = [(_similarity(pairs, other), index) for index, other in enumerate(self._pairs)]
        likely = sorted((-score, index) for score, index in scores if score >= _MIN_SIMILARITY)
        return tuple(self.names[index] for _, index in likely[:limit])

    def search(self, text: str, limit: int = 25) -> list[str]:
        """What to offer while `text` is being typed: names that begin so, words that do, parts,
        slips.
        """
        query = _words(text)
        if not query:
            return list(self.names[:limit])
        key = "".join(query)
        ranks = ((self._rank(index, key, query), index) for index in range(len(self.names)))
        found = [index for rank, index in sorted(ranks) if rank < _NO_MATCH]
        offered = dict.fromkeys(self.names[index] for index in found[:limit])
        if len(offered) < limit:
            offered |= dict.fromkeys(self.nearest(text, limit))
        return list(offered)[:limit]

    def _rank(self, index: int, key: str, query: list[str]) -> int:
        if self._keys[index].startswith(key):
            return 0
        words = self._words[index]
        if all(any(word.startswith(part) for word in words) for part in query):
            return 1
        return 2 if key in self._keys[index] else _NO_MATCH


_NO_MATCH = 3


def _words(text: str) -> list[str]:
    """Lower-case words of letters and digits, without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    kept = (each for each in plain if not unicodedata.combining(each))
    # Apostrophes and dots join (O’Neill, M.I.A.); everything else that is no letter parts.
    joined = "".join(each if each.isalnum() else "" if each in "'’.`" else " " for each in kept)
    return joined.split()


def key_of(text: str) -> str:
    """Under which names are one."""
    return "".join(_words(text)) or text.strip().casefold()


def _letter_pairs(key: str) -> Counter[str]:
    framed = f"\x02{key}\x03"
    return Counter(framed[i : i + 2] for i in range(len(framed) - 1))


def _similarity(first: Counter[str], second: Counter[str]) -> float:
    common = sum(min(count, second[pair]) for pair, count in first.items())
    return 2 * common / (first.total() + second.total())
