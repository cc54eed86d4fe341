"""The search for one verse: at each line several tries, of which the best stays.

A try is a sequence of the engine that goes on from where the last line ended and stops at its own
end. Where the scheme wants a rhyme, tries that do not rhyme by themselves are cut before their last
word and end again on a word that does: which of these, the model decides. Then every line is scored
(`score`), those that would copy a lyric are dropped, and the next line begins from the network's
state at the end of the best.
"""

import hashlib
import math
from collections.abc import Callable, Generator, Sequence
from functools import cached_property
from typing import TypeVar

from torch import Tensor

from model.copyguard import VerseGuard
from model.corpus.tokenizer import Tokenizer
from model.craft import Craft
from model.engine import FinishedSequence, GenerationRequest
from model.engine.sequence import Reading
from model.engine.token_runner import REPETITION_WINDOW
from model.evaluation.scheme import rhyming_pairs
from model.phonetics import Pronunciation
from model.search.candidate import Candidate, Cut, cut_before_last_word, read_candidate
from model.search.endings import Endings
from model.search.plan import SearchedVerse, VersePlan
from model.search.score import VerseSoFar, Weights, meets, score
from model.verse import build_request
from model.verse import max_tokens as line_tokens

MAX_ROUNDS = 3
"""Of tries at one line, when none of the first rhymes, or all of them copy."""

_LONG_PROMPT = 16  # tokens; from here on it pays to read it once instead of once a try


class Tools:
    """What searches of one checkpoint share. `guard`, given what stands before a verse, knows the
    lyrics that it must not copy.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        craft: Craft,
        guard: Callable[[str], VerseGuard],
        weights: Weights | None = None,
    ) -> None:
        self.tokenizer = tokenizer
        self.craft = craft
        self.guard = guard
        self.weights = weights or Weights()

    @cached_property
    def endings(self) -> Endings:
        """Built when first needed, as it pronounces the whole lexicon."""
        return Endings(self.tokenizer, self.craft.lexicon)


_Result = TypeVar("_Result")
Tries = Generator[list[GenerationRequest], Sequence[FinishedSequence], _Result]


class VerseSearch:
    """`run` yields requests to the engine and is sent what they came to, in the same order."""

    def __init__(self, tools: Tools, plan: VersePlan) -> None:
        self._tools = tools
        self._plan = plan
        first = build_request(
            tools.tokenizer,
            seed=plan.seed,
            artist=plan.artist,
            lines=1,
            sampling=plan.sampling,
            rng_seed=plan.rng_seed,
            context=plan.context,
        )
        self._prompt = first.prompt
        self._forbid_first = first.forbid_first
        self._start: Reading | None = None
        before = [line for line in plan.context.split("\n") if line.strip()]
        self._num_before = len(before)
        self._pairs = rhyming_pairs(plan.scheme, len(before) + plan.lines)
        self._guard = tools.guard(_joined(plan.context, plan.seed))
        self._so_far = VerseSoFar.of(before)
        self._lines: list[Candidate] = []
        self._num_tries = 0

    @property
    def num_positions(self) -> int:
        """That any request may take: what stands before, a line, and in it another last word."""
        later = REPETITION_WINDOW + 1 if self._plan.lines > 1 else 0
        return max(len(self._prompt), later) + 2 * line_tokens(self._tools.tokenizer, 1)

    def run(self) -> Tries[SearchedVerse]:
        """Returns the verse, which is cut short where no line was found that copies nothing."""
        yield from self._read_long_prompt()
        for index in range(self._num_before, self._num_before + self._plan.lines):
            best = yield from self._best_line(index)
            if best is None:
                break
            self._take(best)
        return self._verse()

    def _read_long_prompt(self) -> Tries[None]:
        if len(self._prompt) < _LONG_PROMPT:
            return
        (finished,) = yield [self._request(self._prompt[:-1], max_tokens=1)]
        if finished.state is not None:
            self._start = Reading(finished.state, len(self._prompt) - 1)

    def _best_line(self, index: int) -> Tries[Candidate | None]:
        target = self._target(index)
        found: list[Candidate] = []
        for _ in range(MAX_ROUNDS):
            tries = yield from self._free_tries()
            if target is not None:
                tries += yield from self._ended_again(tries, target)
            found += [each for each in tries if self._may_stand(each)]
            if any(meets(each, target) and not each.is_flawed for each in found):
                break
        lexicon = self._tools.craft.lexicon if self._is_rhymed_later(index) else None
        is_last = len(self._lines) == self._plan.lines - 1
        sound = [each for each in found if not each.is_flawed]
        judged = [each for each in sound if meets(each, target)] or sound or found
        return max(
            judged,
            key=lambda each: score(
                each,
                self._so_far,
                target,
                lexicon,
                self._plan.habits,
                self._tools.weights,
                is_last=is_last,
            ),
            default=None,
        )

    def _free_tries(self) -> Tries[list[Candidate]]:
        finished = yield [
            self._request(self._prompt, forbid_first=self._forbid_first)
            for _ in range(self._plan.num_candidates)
        ]
        tries = (read_candidate(self._tools.tokenizer, self._opening, each) for each in finished)
        return [each for each in tries if each is not None]

    def _ended_again(
        self, tries: Sequence[Candidate], target: Pronunciation
    ) -> Tries[list[Candidate]]:
        """The tries that do not rhyme, each with another last word."""
        tokenizer, cuts, requests = self._tools.tokenizer, list[Cut](), list[GenerationRequest]()
        for each in tries:
            cut = None if meets(each, target) else cut_before_last_word(tokenizer, each)
            if cut is None:
                continue
            paths = self._tools.endings.paths_to(target, cut.needs_space, self._so_far.end_words)
            if paths is None:
                continue
            cuts.append(cut)
            requests.append(self._request((*self._prompt, *cut.tokens), paths=paths))
        if not requests:
            return []
        finished = yield requests
        ended = (
            read_candidate(tokenizer, self._opening, each, cut)
            for each, cut in zip(finished, cuts, strict=True)
        )
        return [each for each in ended if each is not None]

    def _request(
        self,
        prompt: tuple[int, ...],
        *,
        max_tokens: int | None = None,
        forbid_first: Tensor | None = None,
        paths: Tensor | None = None,
    ) -> GenerationRequest:
        self._num_tries += 1
        return GenerationRequest(
            prompt=prompt,
            artist=self._plan.artist,
            sampling=self._plan.sampling,
            rng_seed=_derived(self._plan.rng_seed, self._num_tries),
            max_lines=1,
            max_tokens=max_tokens or line_tokens(self._tools.tokenizer, 1),
            forbid_first=forbid_first,
            start=self._start,
            paths=paths,
        )

    @property
    def _opening(self) -> str:
        """What stands on the line already."""
        return "" if self._lines else self._plan.seed

    def _target(self, index: int) -> Pronunciation | None:
        """The word that line `index` must rhyme with; None where it need not, or nothing can."""
        earlier = [first for first, second in self._pairs if second == index]
        return self._so_far.ends[earlier[-1]] if earlier else None

    def _is_rhymed_later(self, index: int) -> bool:
        return any(first == index for first, _ in self._pairs)

    def _may_stand(self, candidate: Candidate) -> bool:
        may_stand = self._plan.may_stand
        if may_stand is not None and not may_stand(candidate.text):
            return False
        return not self._guard.would_copy(candidate.written.rstrip("\n"))

    def _take(self, line: Candidate) -> None:
        """The next line goes on from here."""
        self._guard = self._guard.after(line.written.rstrip("\n"))
        self._so_far = self._so_far.with_line(line)
        self._lines.append(line)
        # Of what came before, the network's state tells everything, and the penalty of repetition
        # wants the last tokens.
        tokens = (*self._prompt[1:], *line.tokens)[-REPETITION_WINDOW:]
        self._prompt = (self._prompt[0], *tokens)
        self._start = Reading(line.state, len(self._prompt) - line.num_unread)
        self._forbid_first = None

    def _verse(self) -> SearchedVerse:
        is_whole = len(self._lines) == self._plan.lines
        return SearchedVerse(
            text="\n".join(line.text for line in self._lines) or self._plan.seed,
            reason="lines" if is_whole else "length",
            log_probability=math.fsum(line.log_probability for line in self._lines),
            num_characters=sum(len(line.written) for line in self._lines),
        )


def _joined(context: str, seed: str) -> str:
    return f"{context.rstrip()}\n{seed}" if context.strip() else seed


def _derived(rng_seed: int, number: int) -> int:
    """A seed for each try, unlike those of other tries and verses."""
    digest = hashlib.blake2b(f"{rng_seed}:{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
