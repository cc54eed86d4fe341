"""What a token is: a character, a word, or a part of a word found by byte-pair encoding.

Every unit is a pipeline of the `tokenizers` library, cuts at each line end, and loses nothing: the
tokens of known text, put together, are the text.
"""

from collections.abc import Iterable, Iterator

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from model.config import UNITS, Unit
from model.errors import ConfigError, CorpusError

BOS = "<|song|>"
EOS = "<|end|>"
UNK = "<|unk|>"
NUM_BYTES = 256

# Scripts that put no space between words. A run of theirs is a whole phrase, which hardly ever
# comes twice, so the word unit takes each character alone: in Chinese most of them are words.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"


def _pieces(letters: str) -> str:
    """A line end is always a token of its own, so that the engine can count lines without knowing
    any text. Words keep the space before them, and an apostrophe stays with its word.
    """
    return rf"\n| ?{letters}+| ?\p{{N}}| ?[^\s\p{{L}}\p{{M}}\p{{N}}]+|\s"


_BPE_PIECE = _pieces(r"[\p{L}\p{M}'’]")
_WORD = rf"[{_UNSPACED}]\p{{M}}*|" + _pieces(rf"[\p{{L}}\p{{M}}'’&&[^{_UNSPACED}]]")
_CHARACTER = r"[\s\S]"

# Marks, the line end, and at least one token that says something.
_MIN_SYMBOLS = 5
_MIN_SIZE: dict[Unit, int] = {"character": _MIN_SYMBOLS, "word": _MIN_SYMBOLS, "bpe": NUM_BYTES + 2}


def unit_named(name: str) -> Unit:
    """Raises ConfigError for a name that is none of UNITS."""
    if name not in UNITS:
        raise ConfigError(f"There is no unit {name!r}; use {', '.join(UNITS[:-1])} or {UNITS[-1]}.")
    return name


def train_backend(texts: Iterable[str], vocab_size: int, unit: Unit) -> tuple[Tokenizer, int]:
    """Learn at most `vocab_size` tokens; also returns how many distinct characters were seen.

    Raises ConfigError for a vocabulary too small for the unit, CorpusError without text.
    """
    if vocab_size < _MIN_SIZE[unit]:
        raise ConfigError(
            f"A vocabulary of {vocab_size} tokens is too small for the unit {unit!r}; "
            f"allow {_MIN_SIZE[unit]} or more."
        )
    alphabet: set[str] = set()
    noted = _noting(texts, alphabet)
    if unit == "bpe":
        backend = _train_bpe(noted, vocab_size)
    else:
        pattern = _CHARACTER if unit == "character" else _WORD
        backend = _train_symbols(noted, vocab_size, pattern)
    if not alphabet:
        raise CorpusError("There is no text to learn a vocabulary from; add songs.")
    return backend, len(alphabet)


def _noting(texts: Iterable[str], alphabet: set[str]) -> Iterator[str]:
    for text in texts:
        alphabet.update(text)
        yield text


def _train_bpe(texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """Byte-level byte-pair encoding (Sennrich et al. 2016): the bytes spell whatever is unknown."""
    backend = Tokenizer(models.BPE())
    backend.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_BPE_PIECE), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    backend.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size,
        special_tokens=[BOS, EOS],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    backend.train_from_iterator(texts, trainer)
    return backend


def _train_symbols(texts: Iterable[str], vocab_size: int, pattern: str) -> Tokenizer:
    """The most frequent characters or words; every other is UNK, which decodes to U+FFFD."""
    backend = Tokenizer(models.WordLevel(unk_token=UNK))
    backend.pre_tokenizer = pre_tokenizers.Split(Regex(pattern), behavior="isolated")
    backend.decoder = decoders.Sequence([decoders.Replace(UNK, "\ufffd"), decoders.Fuse()])
    trainer = trainers.WordLevelTrainer(vocab_size=vocab_size, show_progress=False)
    backend.train_from_iterator(texts, trainer)
    vocabulary: dict[str, int] = backend.get_vocab()
    frequent = sorted(vocabulary.keys() - {"\n"}, key=vocabulary.__getitem__)
    # The engine needs a line end even where no text had one, or where it is too rare to stay.
    symbols = [BOS, EOS, UNK, "\n", *frequent][:vocab_size]
    backend.model = models.WordLevel({symbol: i for i, symbol in enumerate(symbols)}, unk_token=UNK)
    # UNK is no mark: no pattern above can cut it out of a text, and it must not vanish in decoding.
    backend.add_special_tokens([BOS, EOS])
    return backend
