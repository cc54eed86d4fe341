"""What is measured: a model, the marks that the engine needs, and the verses asked for."""

import math
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from model.checkpoint import load_checkpoint
from model.config import ModelConfig
from model.engine import Engine, GenerationRequest, Marks, Precision
from model.network.lyric_model import LyricModel
from model.sampling import NUM_CANDIDATES, SamplingParameters
from model.verse import build_request

NUM_LINES = 8
MAX_TOKENS_PER_LINE = 40
_MAX_POSITIONS = 4096
_SEEDS = ("slim", "the river", "tonight", "my name", "a candle", "gold", "never again", "listen")


@dataclass(frozen=True, slots=True)
class Subject:
    """`prompts` are the verses that are asked for, but for their numbers and artists."""

    name: str
    model: LyricModel
    marks: Marks
    prompts: tuple[GenerationRequest, ...]

    def request(self, number: int, lines: int = NUM_LINES) -> GenerationRequest:
        """Verse `number`, which differs from the others in artist, seed and noise."""
        return replace(
            self.prompts[number % len(self.prompts)],
            artist=number % self.model.config.num_artists,
            rng_seed=number,
            max_lines=lines,
            max_tokens=lines * MAX_TOKENS_PER_LINE,
        )

    def requests(self, count: int, lines: int = NUM_LINES) -> list[GenerationRequest]:
        """The first verses."""
        return [self.request(number, lines) for number in range(count)]

    def engine(self, num_slots: int, precision: Precision) -> Engine:
        """With as many threads as torch has now."""
        return Engine(
            self.model,
            self.marks,
            num_slots=num_slots,
            max_positions=_MAX_POSITIONS,
            precision=precision,
        )


def from_checkpoint(folder: Path, device: str) -> Subject:
    """Raises CheckpointError."""
    checkpoint = load_checkpoint(folder, device)
    tokenizer = checkpoint.tokenizer
    prompts = tuple(
        build_request(
            tokenizer,
            seed=seed,
            artist=0,
            lines=NUM_LINES,
            sampling=SamplingParameters(),
            rng_seed=0,
        )
        for seed in _SEEDS
    )
    marks = Marks(tokenizer.newline_id, (), (tokenizer.eos_id,))
    return Subject(checkpoint.version, checkpoint.model, marks, prompts)


def untrained(device: str, vocab_size: int = 4096) -> Subject:
    """The usual sizes, and newlines about as often as in verse: one in ten of the candidates."""
    torch.manual_seed(0)
    model = LyricModel(ModelConfig(vocab_size=vocab_size, num_artists=58)).to(device).eval()
    with torch.no_grad():
        model.output_bias[2] += math.log(NUM_CANDIDATES / 9)
    request = GenerationRequest(
        prompt=(0, 5, 6),
        artist=0,
        sampling=SamplingParameters(1.0, NUM_CANDIDATES, top_p=1.0, repetition_penalty=1.0),
        rng_seed=0,
        max_lines=NUM_LINES,
        max_tokens=NUM_LINES * MAX_TOKENS_PER_LINE,
    )
    return Subject("untrained", model, Marks(2, (), (1,)), (request,))
