"""A checkpoint in use: from a request in words to the plan of a verse, and on to its text."""

from dataclasses import replace

from bot.errors import BadSeed
from bot.generation.requests import GeneratedVerse, Mix, VerseRequest
from bot.generation.roster import Roster
from bot.generation.verse_text import finish_verse, last_lines
from bot.locale import N_
from model.checkpoint import Checkpoint
from model.copyguard import CopyOverlay, VerseGuard
from model.craft import Habits
from model.engine import Precision
from model.engine.sequence import Voice
from model.search import SearchedVerse, Tools, VersePlan, Writer
from model.verse import build_engine, max_tokens

MAX_CONTEXT_LINES = 16
MAX_PROMPT_TOKENS = 2048


class LiveCheckpoint:
    """What the event loop needs of a checkpoint; the model inside is for other threads.

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
        self.roster = Roster(checkpoint.artists)
        self.checkpoint = checkpoint
        self._submitted = submitted or CopyOverlay(checkpoint.copy_index.max_run)
        self._tokenizer = checkpoint.tokenizer
        self._indices = {name: index for index, name in enumerate(checkpoint.artists)}
        self._tokenizer.continues_word  # noqa: B018  computed once, here, off the event loop

    def build_writer(self, num_slots: int) -> Writer:
        """To be called, and the writer used, in the worker's thread."""
        # A line may be there already when it gets another end.
        max_positions = MAX_PROMPT_TOKENS + 2 * max_tokens(self._tokenizer, 1)
        engine = build_engine(
            self.checkpoint,
            num_slots=num_slots,
            max_positions=max_positions,
            precision=self._precision,
        )
        tools = Tools(self._tokenizer, self.checkpoint.craft, self.guard)
        tools.endings  # noqa: B018  every word that lines end on is pronounced here, once
        return Writer(engine, tools)

    @property
    def knows_lyrics(self) -> bool:
        """Whether there are any that a verse could copy."""
        return bool(self.checkpoint.copy_index.num_runs or self._submitted.index.num_runs)

    def guard(self, before: str = "") -> VerseGuard:
        """What no line after `before` may copy: what was learned, and what is submitted by now.

        From any thread.
        """
        return VerseGuard((self.checkpoint.copy_index, self._submitted.index), before)

    def plan(self, request: VerseRequest, rng_seed: int, num_candidates: int) -> VersePlan:
        """Raises UnknownArtist or BadSeed. Context that does not fit is left out."""
        if "\n" in request.seed:
            raise BadSeed(N_("Your seed has several lines. Give me one line, like seed:slim."))
        voice, habits = self._voice(self.roster.require(request.artist), request.mix)
        plan = VersePlan(
            artist=voice,
            habits=habits,
            seed=request.seed.rstrip(),
            lines=request.lines,
            sampling=request.sampling,
            rng_seed=rng_seed,
            scheme=request.scheme or habits.scheme,
            context=last_lines(request.context, MAX_CONTEXT_LINES),
            num_candidates=num_candidates,
            may_stand=request.may_stand,
        )
        for each in (plan, replace(plan, context="")):
            if len(self._tokenizer.encode(f"{each.context}\n{each.seed}")) < MAX_PROMPT_TOKENS:
                return each
        raise BadSeed(N_("Your seed is too long for me. Give me its first few words."))

    def _voice(self, artist: str, mix: Mix | None) -> tuple[Voice, Habits]:
        """Raises UnknownArtist. Of an artist mixed with themself nothing but themself comes."""
        habits = self.checkpoint.craft.habits_of(artist)
        other = self.roster.require(mix.artist) if mix else artist
        if mix is None or other == artist:
            return self._indices[artist], habits
        shares = (self._indices[artist], 100.0 - mix.share), (self._indices[other], 1.0 * mix.share)
        other_habits = self.checkpoint.craft.habits_of(other)
        return shares, habits.mixed_with(other_habits, mix.share / 100)

    def finish(
        self, request: VerseRequest, plan: VersePlan, verse: SearchedVerse, elapsed_s: float
    ) -> GeneratedVerse:
        """The verse as it is shown, opening with the seed exactly as it was typed.

        Raises BadSeed where nothing of its own was found.
        """
        if not verse.num_characters:
            raise BadSeed(N_("I found no line of my own to go with that. Try another seed."))
        return GeneratedVerse(
            text=finish_verse(verse.text, request.seed, request.lines),
            artist=request.artist,
            seed=request.seed,
            lines=request.lines,
            checkpoint=self.version,
            rng_seed=plan.rng_seed,
            sampling=request.sampling,
            elapsed_s=elapsed_s,
            scheme=plan.scheme,
            num_candidates=plan.num_candidates,
            mix=request.mix,
        )
