"""One run of a comparison in a process of its own, so that its memory can be told."""

import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, load_checkpoint
from model.comparison.material import Material
from model.comparison.memory import peak_memory_mb
from model.comparison.outcome import Failed, Figures, Measured, Outcome
from model.config import ModelConfig, TrainingConfig
from model.corpus.dataset import encode_songs
from model.errors import ModelError, TrainingError
from model.evaluation.perplexity import total_score
from model.sampling import SamplingParameters
from model.training.clock import Stopwatch
from model.training.pretrain import pretrain
from model.training.progress import CurvePoint, RunState, TrainingProgress
from model.training.trainer import TrainingHooks
from model.verse import build_engine, build_request, read_verse

SAMPLE_LINES = 6
# No penalty: what is a repetition differs from unit to unit.
SAMPLING = SamplingParameters(temperature=0.8, top_p=0.95, repetition_penalty=1.0)

Message = TrainingProgress | CurvePoint | Outcome


@dataclass(frozen=True, slots=True)
class Job:
    """`known_peak_mb` is of an earlier part of the same run. `threads` 0 lets torch choose."""

    folder: Path
    network: ModelConfig
    training: TrainingConfig
    material: Material
    seed_text: str
    rng_seed: int
    device: str
    threads: int
    known_peak_mb: float | None = None


class _PeakMemory:
    """The peak while nothing but training has been done, or of all when it was not seen before."""

    def __init__(self, device: torch.device, known: float | None) -> None:
        self._device = device
        self._peaks = [] if known is None else [known]
        self._has_validated = False

    def on_progress(self) -> None:
        peak = None if self._has_validated else peak_memory_mb(self._device)
        if peak is not None:
            self._peaks.append(peak)

    def on_validation(self) -> None:
        self._has_validated = True

    def peak_mb(self) -> float | None:
        return max(self._peaks) if self._peaks else peak_memory_mb(self._device)


def run_job(job: Job, connection: Connection) -> None:
    """Train, or go on with what is in the folder; measure; the last message is the outcome."""
    # Ctrl-C reaches every process of a terminal; the parent then ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if job.threads:
        torch.set_num_threads(job.threads)
    connection.send(_outcome(job, connection.send))


def _outcome(job: Job, tell: Callable[[Message], None]) -> Outcome:
    try:
        memory = _PeakMemory(torch.device(job.device), job.known_peak_mb)
        state = pretrain(
            job.material.splits,
            job.folder,
            job.network,
            job.training,
            version=job.folder.name,
            device=job.device,
            hooks=_hooks(memory, tell),
        )
        return _measure(job, state, memory.peak_mb())
    except TrainingError as error:
        return Failed(str(error))
    except ModelError as error:
        return Failed(str(error), is_final=False)


def _hooks(memory: _PeakMemory, tell: Callable[[Message], None]) -> TrainingHooks:
    def on_progress(progress: TrainingProgress) -> None:
        memory.on_progress()
        tell(progress)

    def on_validation(point: CurvePoint) -> None:
        memory.on_validation()
        tell(point)

    # Equal time is for training: a validation costs one network much more than another.
    return TrainingHooks(on_progress=on_progress, on_validation=on_validation, clock=Stopwatch())


def _measure(job: Job, state: RunState, peak_mb: float | None) -> Measured:
    checkpoint = load_checkpoint(job.folder / "best", job.device)
    model, material, last = checkpoint.model, job.material, state.curve[-1]
    learned, held_out = (
        encode_songs(songs, checkpoint.artists, checkpoint.tokenizer)
        for songs in (material.train_sample, material.splits.test)
    )
    on_learned, on_held_out = total_score(model, learned), total_score(model, held_out)
    characters_per_token = on_learned.num_characters / on_learned.num_tokens
    best = state.best_bits_per_character
    return Measured(
        held_out=Figures(on_held_out.bits_per_character, on_held_out.perplexity),
        train=Figures(on_learned.bits_per_character, on_learned.perplexity),
        validation_bits_per_character=last.bits_per_character if best is None else best,
        num_parameters=sum(parameter.numel() for parameter in model.parameters()),
        vocab_size=checkpoint.tokenizer.vocab_size,
        updates=state.step,
        epochs=last.epoch,
        seconds=state.elapsed_s,
        tokens_per_s=last.tokens_per_s,
        characters_per_s=last.tokens_per_s * characters_per_token,
        peak_memory_mb=peak_mb,
        sample=_sample(checkpoint, job),
    )


def _sample(checkpoint: Checkpoint, job: Job) -> str:
    """A verse in the voice of whoever wrote the first of the held-out text."""
    request = build_request(
        checkpoint.tokenizer,
        seed=job.seed_text,
        artist=checkpoint.artists.index(job.material.splits.test[0].artist),
        lines=SAMPLE_LINES,
        sampling=SAMPLING,
        rng_seed=job.rng_seed,
    )
    engine = build_engine(checkpoint, num_slots=1)
    engine.add(request)
    while engine.has_work:
        for finished in engine.step():
            return read_verse(checkpoint.tokenizer, job.seed_text, finished.tokens)
    return job.seed_text
