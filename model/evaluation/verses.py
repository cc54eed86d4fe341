"""How good verses are: rhyme, novelty and voice of generated ones beside real ones."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from model.corpus.song import Song
from model.evaluation.novelty import SimilarityIndex, SuffixIndex
from model.evaluation.rhyme import RhymeRuns, rhyme_runs
from model.evaluation.scheme import FREE, end_rhyme_share, internal_rhyme_share
from model.evaluation.variety import distinct_n, self_repetition, syllables_per_line
from model.evaluation.voice import VoiceClassifier

_NOVEL_RUN = 4


class Piece(NamedTuple):
    """A verse, or a piece of a song as long as one. `scheme` as `rhyming_pairs` takes it."""

    artist: str
    text: str
    scheme: str = FREE


@dataclass(frozen=True, slots=True)
class VerseFigures:
    """Of several pieces; shares lie between 0 and 1. Each is defined where it is computed."""

    pieces: int
    rhyme_density: float  # of all words of all pieces, look-back 15
    scheme_met: float  # mean over the pieces that have a scheme
    internal_rhyme: float
    syllables: float  # a line
    syllables_spread: float  # within a piece
    longest_copied_run: int  # words, of any piece
    similarity: float  # the highest of any piece
    similarity_mean: float
    novel_share: float  # of runs of four words
    voice: float  # share of pieces whose artist is recognised
    distinct_2: float
    self_repetition: float


class Judges:
    """Knows the corpus; about ten seconds to build for ten million characters.

    `train` are the songs that voices and similarity are learned from, `everything` those that must
    not be copied. Raises CorpusError without songs.
    """

    def __init__(self, train: Sequence[Song], everything: Sequence[Song]) -> None:
        self._voices = VoiceClassifier(train)
        self._similarity = SimilarityIndex(train)
        self._trained_on = SuffixIndex(train)
        self._everything = SuffixIndex(everything)

    def judge(self, pieces: Sequence[Piece], *, are_real: bool = False) -> VerseFigures:
        """`are_real`: pieces of held-out songs, which may share with training songs only."""
        texts = [piece.text for piece in pieces]
        copies = self._trained_on if are_real else self._everything
        runs = sum((rhyme_runs(text) for text in texts), RhymeRuns())
        schemed = [
            end_rhyme_share(each.text, each.scheme) for each in pieces if each.scheme != FREE
        ]
        lengths = [syllables_per_line(text) for text in texts]
        similar = [self._similarity.highest(each.text, each.artist) for each in pieces]
        return VerseFigures(
            pieces=len(pieces),
            rhyme_density=runs.density,
            scheme_met=_mean(schemed),
            internal_rhyme=_mean([internal_rhyme_share(text) for text in texts]),
            syllables=_mean([each.mean for each in lengths]),
            syllables_spread=_mean([each.spread for each in lengths]),
            longest_copied_run=max(
                (copies.longest_copy(text).num_words for text in texts), default=0
            ),
            similarity=max(similar, default=0.0),
            similarity_mean=_mean(similar),
            novel_share=_mean([copies.novel_share(text, _NOVEL_RUN) for text in texts]),
            voice=self._voices.recognised_share((each.artist, each.text) for each in pieces),
            distinct_2=distinct_n(texts, 2),
            self_repetition=_mean([self_repetition(text) for text in texts]),
        )


def _mean(values: Sequence[float]) -> float:
    return statistics.fmean(values) if values else 0.0
