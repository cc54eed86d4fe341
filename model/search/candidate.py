"""A line that might be taken, and where it can be cut to end otherwise."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from model.corpus.tokenizer import Tokenizer
from model.engine import FinishedSequence
from model.network.state import RecurrentState
from model.phonetics import Pronunciation, pronounce, split_words
from model.phonetics.words import num_han

HAN_LETTERS = 3.3
"""As many letters of English cost as many bits as a Chinese character, in verse by plain sampling:
1.40 and 4.62 bits each with the starter checkpoint."""

_NOT_YET = -7.0  # nats, for an end of line where the model wanted none
_BROKEN = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True)
class Candidate:
    """`text` is the whole line as it will be read, `opening` the part of it that stood before.

    `tokens` are those after the opening, the newline the last; `log_probabilities` are theirs, in
    nats by the plain model. `state` is that of the network when all but the last `num_unread` are
    read: 1, or 2 for a line that did not end by itself.
    """

    opening: str
    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    state: RecurrentState
    num_unread: int
    num_forced: int
    """How many of the last tokens were bound to end the line on a rhyme."""
    is_flawed: bool
    """Better than no line, and worse than any other."""
    written: str = field(repr=False)
    """The text of `tokens`."""

    @cached_property
    def text(self) -> str:
        line = self.opening + self.written
        return line.rstrip() if self.opening else line.strip()

    @cached_property
    def sounds(self) -> list[Pronunciation | None]:
        """Of the words of the line."""
        return pronounce(self.text)

    @property
    def last_sound(self) -> Pronunciation | None:
        return self.sounds[-1] if self.sounds else None

    @property
    def num_syllables(self) -> int:
        return sum(sound.num_syllables for sound in self.sounds if sound)

    @property
    def log_probability(self) -> float:
        return math.fsum(self.log_probabilities)

    @property
    def bits_per_letter(self) -> float:
        """Of what was written, spaces and marks included; a Chinese character is several letters,
        so that languages compare.
        """
        num_letters = len(self.written) + (HAN_LETTERS - 1) * num_han(self.written)
        return -self.log_probability / math.log(2) / max(1.0, num_letters)

    @property
    def ending_bits(self) -> float:
        """What the forced ending costs; 0 for a line that ended as it liked."""
        forced = self.log_probabilities[len(self.tokens) - self.num_forced :]
        return -math.fsum(forced) / math.log(2)


def read_candidate(
    tokenizer: Tokenizer, opening: str, finished: FinishedSequence, before: "Cut | None" = None
) -> Candidate | None:
    """The line that was written, or None if it has no text, or ended twice.

    The latter may be where half a character is all that stands before the first end. `before` is
    the beginning that a rewritten ending was put to. A line that the length limit cut ends there,
    and half characters are left out: both are flaws.
    """
    if finished.reason not in ("lines", "length") or finished.state is None:
        return None
    tokens, log_probabilities = finished.tokens, finished.log_probabilities
    is_whole = finished.reason == "lines"
    if not is_whole:
        tokens = (*tokens, tokenizer.newline_id)
        log_probabilities = (*log_probabilities, _NOT_YET)
    num_forced = 0 if before is None else len(tokens)
    if before is not None:
        tokens = (*before.tokens, *tokens)
        log_probabilities = (*before.log_probabilities, *log_probabilities)
    decoded = tokenizer.decode(tokens)
    written = decoded.replace(_BROKEN, "")
    candidate = Candidate(
        opening=opening,
        tokens=tokens,
        log_probabilities=log_probabilities,
        state=finished.state,
        num_unread=1 if is_whole else 2,
        num_forced=num_forced,
        is_flawed=not is_whole or written != decoded,
        written=written,
    )
    is_line = candidate.text.strip() and "\n" not in candidate.text
    return candidate if is_line else None


@dataclass(frozen=True, slots=True)
class Cut:
    """The beginning of a candidate, up to its last word: a word may follow, with a space or not."""

    tokens: tuple[int, ...]
    log_probabilities: tuple[float, ...]
    needs_space: bool


def cut_before_last_word(tokenizer: Tokenizer, candidate: Candidate) -> Cut | None:
    """None where the last word is all that was written, or begins within a token.

    Nor can a line be cut that half characters were left out of.
    """
    words = split_words(candidate.written)
    if not words or (candidate.is_flawed and _BROKEN in tokenizer.decode(candidate.tokens)):
        return None
    start = candidate.written.rfind(words[-1])
    if start <= 0:
        return None
    kept = candidate.written[:start].rstrip(" ")
    needs_space = len(kept) < start
    num_tokens = _num_tokens(tokenizer, candidate.tokens, kept)
    if num_tokens is None or not (candidate.opening + kept).strip():
        return None
    return Cut(
        candidate.tokens[:num_tokens],
        candidate.log_probabilities[:num_tokens],
        needs_space,
    )


def _num_tokens(tokenizer: Tokenizer, tokens: Sequence[int], text: str) -> int | None:
    """How many of the tokens spell exactly `text`; None if it ends within one."""
    for number in range(len(tokens) - 1, -1, -1):
        spelled = tokenizer.decode(tokens[:number])
        if len(spelled) <= len(text):
            return number if spelled == text else None
    return None
