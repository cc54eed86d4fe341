"""Whether a verse sounds like its artist: a naive-Bayes classifier guesses who wrote it."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from model.corpus.song import Song
from model.errors import ConfigError, CorpusError
from model.evaluation.vocabulary import UNKNOWN, Vocabulary, words_and_marks

OWN_SHARE = 0.7  # the best of 0.3, 0.5, 0.7 and 0.9 on the validation songs of the starter corpus


class VoiceClassifier:
    """Multinomial naive Bayes over words and punctuation, every artist as likely beforehand.

    A Chinese character is a word; case and the shape of quotes do not count. A word is drawn from
    the artist's own songs with the chance `own_share`, else from everybody's: the smoothing of
    Jelinek and Mercer (Zhai and Lafferty 2004). Words that nobody used do not count. `split` is
    what parts a text: `plain_words` leaves punctuation out. Raises CorpusError without songs,
    and ConfigError for an `own_share` of 0, 1 or beyond.
    """

    def __init__(
        self,
        songs: Sequence[Song],
        own_share: float = OWN_SHARE,
        split: Callable[[str], list[str]] = words_and_marks,
    ) -> None:
        self.artists = tuple(dict.fromkeys(song.artist for song in songs))
        if not self.artists:
            raise CorpusError("There is no song to learn voices from; add songs.")
        if not 0 < own_share < 1:
            raise ConfigError(f"own_share must lie between 0 and 1, not {own_share}.")
        self._vocabulary = Vocabulary(split)
        words = self._vocabulary.learn(song.text for song in songs)
        rows = {artist: row for row, artist in enumerate(self.artists)}
        counts = np.zeros((len(self.artists), len(self._vocabulary)), dtype=np.float32)
        for song, ids in zip(songs, words, strict=True):
            np.add.at(counts[rows[song.artist]], ids, 1)
        own = counts / np.maximum(1, counts.sum(1, keepdims=True))
        everybody = counts.sum(0) / max(1, counts.sum())
        shares = (own_share * own + (1 - own_share) * everybody)[:, 1:]
        # A row a word: those of a verse lie together. Number 0 is no word.
        self._log_shares: NDArray[np.float32] = np.log(
            np.pad(shares.T, ((1, 0), (0, 0)), constant_values=1)
        )

    def log_probabilities(self, text: str) -> dict[str, float]:
        """How likely each artist's songs would be to have the words of `text`, in nats."""
        words = self._vocabulary.look_up(text)
        nats = self._log_shares[words[words != UNKNOWN]].sum(0, dtype=np.float64)
        return dict(zip(self.artists, nats.tolist(), strict=True))

    def artist_of(self, text: str) -> str:
        """Who most likely wrote `text`; the first artist of equals."""
        nats = self.log_probabilities(text)
        return max(nats, key=nats.__getitem__)

    def recognised_share(self, verses: Iterable[tuple[str, str]]) -> float:
        """Share of (artist, text) pairs whose artist is named rightly, from 0 to 1; 0 without any.

        Of verses as long as those it is compared with: the longer a text, the easier.
        """
        named = [self.artist_of(text) == artist for artist, text in verses]
        return sum(named) / max(1, len(named))
