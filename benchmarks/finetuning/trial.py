"""One fine-tune, timed by stage and measured on text that it never saw."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from benchmarks.finetuning.material import Lesson
from benchmarks.finetuning.settings import Setting
from model.checkpoint import Checkpoint
from model.corpus.dataset import encode_songs
from model.corpus.song import Song
from model.evaluation.perplexity import NO_SCORE, Score, score_songs
from model.training.finetune import Comparison, finetune, grow
from model.training.finetune_hooks import FinetuneHooks
from model.training.progress import FinetunePoint, FinetuneProgress

_SCORED_TOGETHER = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it, in bits per character: first by unseen text, then as the run estimates it.

    `stage_seconds` are of the processor, whatever else it had to do.
    """

    setting: str
    config: dict[str, Any]
    artist: str
    language: str
    asked_for: int
    num_songs: int
    num_characters: int
    new_songs: Comparison
    others: Comparison
    others_by_language: dict[str, Comparison]
    estimated_new_songs: Comparison
    estimated_others: Comparison
    seconds: float
    cpu_seconds: float
    stage_seconds: dict[str, float]
    curve: list[FinetunePoint]

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """What `asdict` made of one."""
        names = ("new_songs", "others", "estimated_new_songs", "estimated_others")
        comparisons = {name: Comparison(**values[name]) for name in names}
        languages = values["others_by_language"].items()
        by_language = {name: Comparison(**each) for name, each in languages}
        curve = [FinetunePoint(**point) for point in values["curve"]]
        changed = {**comparisons, "others_by_language": by_language, "curve": curve}
        return cls(**{**values, **changed})


class Examiner:
    """Measures what a fine-tune does to the others' text, which it scores once for the live one."""

    def __init__(self, live: Checkpoint, others: Sequence[Song]) -> None:
        self._live = live
        self.others = others
        self._before = _score_by_language(live, others)

    def compare(self, candidate: Checkpoint) -> dict[str, Comparison]:
        """By language, and "" for all together."""
        after = _score_by_language(candidate, self.others)
        return {language: _compare(self._before[language], after[language]) for language in after}

    def compare_new(self, lesson: Lesson, candidate: Checkpoint) -> Comparison:
        """The live one is given the artist as a fine-tune is: as the mean of the language."""
        before = grow(self._live, lesson.given, "before")
        return _compare(*(_score(each, lesson.unseen) for each in (before, candidate)))


def run_trial(
    live: Checkpoint,
    setting: Setting,
    lesson: Lesson,
    replay: Sequence[Song],
    examiner: Examiner,
) -> Trial:
    """Raises ModelError when the fine-tune does."""
    clock = _StageClock()
    hooks = FinetuneHooks(on_progress=clock.hear)
    started = time.perf_counter()
    result = finetune(live, "candidate", lesson.given, replay, setting.config, hooks)
    seconds = time.perf_counter() - started
    assert result.new_songs is not None, "a lesson has songs"
    stages = clock.stop()
    others = examiner.compare(result.candidate)
    return Trial(
        setting=setting.name,
        config=asdict(setting.config),
        artist=lesson.artist,
        language=lesson.language,
        asked_for=lesson.asked_for,
        num_songs=len(lesson.given),
        num_characters=sum(len(song.text) for song in lesson.given),
        new_songs=examiner.compare_new(lesson, result.candidate),
        others=others.pop(""),
        others_by_language=others,
        estimated_new_songs=result.new_songs,
        estimated_others=result.others,
        seconds=round(seconds, 2),
        cpu_seconds=round(sum(stages.values()), 2),
        stage_seconds=stages,
        curve=result.curve,
    )


class _StageClock:
    """Processor time of all threads between the first words of one stage and of the next."""

    def __init__(self) -> None:
        self._marks: dict[str, float] = {}

    def hear(self, progress: FinetuneProgress) -> None:
        self._marks.setdefault(progress.stage, time.process_time())

    def stop(self) -> dict[str, float]:
        ends = [*list(self._marks.values())[1:], time.process_time()]
        return {
            stage: round(end - begun, 2)
            for (stage, begun), end in zip(self._marks.items(), ends, strict=True)
        }


def _score(checkpoint: Checkpoint, songs: Sequence[Song]) -> Score:
    encoded = encode_songs(songs, checkpoint.artists, checkpoint.tokenizer)
    return sum(score_songs(checkpoint.model, encoded, _SCORED_TOGETHER), NO_SCORE)


def _score_by_language(checkpoint: Checkpoint, songs: Sequence[Song]) -> dict[str, Score]:
    languages = dict.fromkeys(song.language for song in songs)
    scores = {
        language: _score(checkpoint, [song for song in songs if song.language == language])
        for language in languages
    }
    return {**scores, "": sum(scores.values(), NO_SCORE)}


def _compare(live: Score, candidate: Score) -> Comparison:
    return Comparison(live.bits_per_character, candidate.bits_per_character)
