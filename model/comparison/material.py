"""What a comparison reads: the text to learn from, to choose weights by, and to measure on."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from model.comparison.grid import Choice
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.plain_text import PlainText
from model.corpus.song import Song
from model.corpus.split import Splits, split_songs
from model.corpus.tokenizer import Tokenizer
from model.errors import CorpusError
from model.training.pretrain import artists_of
from model.training.trainer import stream_of

# Characters. Validation comes often and only chooses; a plain text is measured in long pieces, so
# that starting each with nothing read is of no account.
_MAX_VALIDATION = 20_000
_MAX_MEASURED = 200_000
_LEARNED_PIECE = 1_000
_MEASURED_PIECE = 10_000

_MAX_SEED_WORDS = 3
_MAX_WORD = 12  # characters; a longer run is of a script that puts no spaces between words
_MAX_SEED = 4  # characters of such a script


@dataclass(frozen=True, slots=True)
class Material:
    """`splits.validation` is no more than choosing takes.

    `train_sample` is of `splits.train` and about as much text as `splits.test`.
    """

    name: str
    is_plain: bool
    splits: Splits[Song]
    train_sample: list[Song]
    notes: tuple[str, ...] = ()

    @property
    def artists(self) -> tuple[str, ...]:
        """In the order of their rows."""
        return tuple(artists_of([song for songs in self.splits for song in songs]))

    @property
    def fingerprint(self) -> str:
        """Equal for equal text in equal splits: sha256 in hexadecimal."""
        digest = hashlib.sha256()
        for songs in self.splits:
            for song in songs:
                digest.update(repr((song.artist, song.text)).encode())
            digest.update(b"/")
        return digest.hexdigest()


def plain_material(name: str, text: PlainText) -> Material:
    """One body of text, which is cut in order: the end of it is held out."""
    learned = text.as_splits(_LEARNED_PIECE)
    length = min(_MEASURED_PIECE, len(text.test))
    test = _spread(text.as_songs("test", length), _MAX_MEASURED)
    splits = Splits(learned.train, _spread(learned.validation, _MAX_VALIDATION), test)
    sample = _spread(text.as_songs("train", length), num_characters(test))
    return Material(name, True, splits, sample, text.notes)


def song_material(name: str, songs: Iterable[Song]) -> Material:
    """Songs, of which some are held out by their names; CorpusError when none falls there.

    Held-out songs of artists with nothing to learn from are left out.
    """
    splits = split_songs(songs).require()
    if not splits.test:
        raise CorpusError(
            "No song falls into the test split, so nothing could be measured; add songs, or give "
            "one text file with --plain."
        )
    taught = {song.artist for song in splits.train}
    known = Splits(*([song for song in part if song.artist in taught] for part in splits))
    if not (known.validation and known.test):
        raise CorpusError(
            "The songs held out are all by artists with nothing to learn from; add songs of the "
            "same artists, or name one artist for all with --artist."
        )
    num_left_out = sum(map(len, splits)) - sum(map(len, known))
    note = f"{num_left_out} held-out songs are left out: there is nothing else of their artists."
    test = _spread(known.test, _MAX_MEASURED)
    cut = Splits(known.train, _spread(known.validation, _MAX_VALIDATION), test)
    sample = _spread(known.train, num_characters(test))
    return Material(name, False, cut, sample, (note,) if num_left_out else ())


def num_characters(songs: Iterable[Song]) -> int:
    """Of all songs together."""
    return sum(len(song.text) for song in songs)


def first_words(text: str) -> str:
    """The first three words, or the first four characters where there are no spaces."""
    words = " ".join(text.split()).split(" ")[:_MAX_SEED_WORDS]
    return words[0][:_MAX_SEED] if len(words[0]) > _MAX_WORD else " ".join(words)


def check_all(choices: Iterable[Choice], material: Material) -> None:
    """Raise what would stop any run before it begins: too small a vocabulary, too little text."""
    encoded: dict[tuple[str, int], list[EncodedSong]] = {}
    for choice in choices:
        network = choice.network
        key = (network.unit, network.vocab_size)
        if key not in encoded:
            texts = (song.text for song in material.splits.train)
            tokenizer = Tokenizer.train(texts, network.vocab_size, network.unit)
            encoded[key] = encode_songs(material.splits.train, material.artists, tokenizer)
        stream_of(encoded[key], network, choice.training)


def _spread(songs: Sequence[Song], limit: int) -> list[Song]:
    """All songs, or evenly spread ones with about `limit` characters."""
    return list(songs[:: max(1, num_characters(songs) // max(1, limit))])
