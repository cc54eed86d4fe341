"""A verse between text and tokens: the prompt that asks for it, and the text that is read back."""

from collections.abc import Iterable
from dataclasses import replace

from torch import Tensor

from model.checkpoint import Checkpoint
from model.config import Unit
from model.corpus.tokenizer import Tokenizer
from model.engine import Engine, GenerationRequest, Marks, Precision
from model.engine.engine import MAX_POSITIONS
from model.engine.sequence import Voice
from model.sampling import SamplingParameters

_MAX_TOKENS_PER_LINE: dict[Unit, int] = {"character": 160, "word": 40, "bpe": 40}


def build_engine(
    checkpoint: Checkpoint,
    *,
    num_slots: int = 64,
    max_positions: int = MAX_POSITIONS,
    precision: Precision = "auto",
) -> Engine:
    """An engine that counts lines as the checkpoint's tokenizer writes them."""
    tokenizer = checkpoint.tokenizer
    marks = Marks(
        tokenizer.newline_id, tokenizer.blank_ids, (tokenizer.eos_id, *tokenizer.never_ids)
    )
    return Engine(
        checkpoint.model,
        marks,
        num_slots=num_slots,
        max_positions=max_positions,
        precision=precision,
    )


def default_sampling(tokenizer: Tokenizer) -> SamplingParameters:
    """How to draw unless told: characters are never penalised, as every word repeats some."""
    default = SamplingParameters()
    return replace(default, repetition_penalty=1.0) if tokenizer.unit == "character" else default


def max_tokens(tokenizer: Tokenizer, lines: int) -> int:
    """Where a verse of `lines` lines is cut, should it not end by itself."""
    return lines * _MAX_TOKENS_PER_LINE[tokenizer.unit]


def prompt_of(tokenizer: Tokenizer, seed: str, context: str = "") -> tuple[int, ...]:
    """The tokens after which a verse is written."""
    before = f"{context.rstrip()}\n" if context.strip() else ""
    return (tokenizer.bos_id, *tokenizer.encode(before), *tokenizer.encode(seed))


def build_request(
    tokenizer: Tokenizer,
    *,
    seed: str,
    artist: Voice,
    lines: int,
    sampling: SamplingParameters,
    rng_seed: int,
    context: str = "",
) -> GenerationRequest:
    """Ask for a verse of `lines` lines whose first line opens with `seed`.

    `artist` is the index of one of the checkpoint's artists, or a blend of several. `context` is
    verse that comes before and is not repeated; it ends where the new verse begins.
    """
    return GenerationRequest(
        prompt=prompt_of(tokenizer, seed, context),
        artist=artist,
        sampling=sampling,
        rng_seed=rng_seed,
        max_lines=lines,
        max_tokens=max_tokens(tokenizer, lines),
        forbid_first=_forbid_first(tokenizer, seed),
    )


def read_verse(tokenizer: Tokenizer, seed: str, tokens: Iterable[int]) -> str:
    """The verse as text, opening with `seed` as typed, without a cut last line or broken bytes.

    A verse that the length limit ended within its first line keeps that line.
    """
    text = tokenizer.decode(tokens).replace("\N{REPLACEMENT CHARACTER}", "")
    text = seed + text
    whole, newline, _ = text.rpartition("\n")
    lines = (whole if newline else text).split("\n")
    return "\n".join([lines[0].rstrip(), *(line.strip() for line in lines[1:])]).rstrip("\n")


def _forbid_first(tokenizer: Tokenizer, seed: str) -> Tensor | None:
    """A seed of letters ends as a word: "slim" must not become "slimy". Han has no such ends."""
    last = seed[-1:]
    if not last.isalnum() or _is_without_spaces(last):
        return None
    return tokenizer.continues_word


def _is_without_spaces(character: str) -> bool:
    """Whether the script writes words without spaces between them: Han, kana, Thai and others."""
    return "\u0e00" <= character <= "\u0eff" or "\u3005" <= character <= "\uffdc"
