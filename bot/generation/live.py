"""A checkpoint in use: from a request in words to token ids, and from token ids to a verse."""

from bot.errors import BadSeed
from bot.generation.artists import ArtistIndex
from bot.generation.requests import VerseRequest
from bot.generation.verse_text import finish_verse, last_lines
from model.checkpoint import Checkpoint
from model.copyguard import CopyOverlay, VerseGuard
from model.engine import Engine, FinishedSequence, GenerationRequest, Precision
from model.verse import build_engine, build_request, max_tokens, read_verse

MAX_CONTEXT_LINES = 16
MAX_PROMPT_TOKENS = 2048


class LiveCheckpoint:
    """What the event loop needs of a checkpoint; the model inside is for the worker alone.

    `key` names its engine among those of the worker, which computes in `precision`. `submitted` are
    lyrics that it need not have learned. Building takes some milliseconds.
    """

    def __init__(
        self,
        key: int,
        checkpoint: Checkpoint,
        precision: Precision = "auto",
        submitted: CopyOverlay | None = None,
    ) -> None:
        self.key = key
        self._precision = precision
        self.version = checkpoint.version
        self.artists = ArtistIndex(checkpoint.artists)
        self._checkpoint = checkpoint
        self._submitted = submitted or CopyOverlay(checkpoint.copy_index.max_run)
        self._tokenizer = checkpoint.tokenizer
        self._indices = {name: index for index, name in enumerate(checkpoint.artists)}
        self._tokenizer.continues_word  # noqa: B018  computed once, here, off the event loop

    def build_engine(self, num_slots: int, max_lines: int) -> Engine:
        """To be called, and the engine used, in the worker's thread."""
        max_positions = MAX_PROMPT_TOKENS + max_tokens(self._tokenizer, max_lines)
        return build_engine(
            self._checkpoint,
            num_slots=num_slots,
            max_positions=max_positions,
            precision=self._precision,
        )

    def guard(self, before: str = "") -> VerseGuard:
        """What no line after `before` may copy: what was learned, and what is submitted by now.

        From any thread.
        """
        return VerseGuard((self._checkpoint.copy_index, self._submitted.index), before)

    def encode(self, request: VerseRequest, rng_seed: int) -> GenerationRequest:
        """Raises UnknownArtist or BadSeed. Context that does not fit is left out."""
        if "\n" in request.seed:
            raise BadSeed("Your seed has several lines. Give me one line, like seed:slim.")
        for context in (last_lines(request.context, MAX_CONTEXT_LINES), ""):
            encoded = build_request(
                self._tokenizer,
                seed=request.seed.rstrip(),
                artist=self._indices[self.artists.resolve(request.artist)],
                lines=request.lines,
                sampling=request.sampling,
                rng_seed=rng_seed,
                context=context,
            )
            if len(encoded.prompt) <= MAX_PROMPT_TOKENS:
                return encoded
        raise BadSeed("Your seed is too long for me. Give me its first few words.")

    def decode(self, request: VerseRequest, sequence: FinishedSequence) -> str:
        """The verse: as many lines as were asked for, unless its length cut it."""
        text = read_verse(self._tokenizer, request.seed.rstrip(), sequence.tokens)
        return finish_verse(text, request.seed, request.lines)
