"""Sixty-four verses at once through the engine against one after another through nn.LSTM."""

import argparse
import json
import math
import statistics
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch
from rich.console import Console
from rich.table import Table

from benchmarks.lstm_loop import LSTMLoop
from benchmarks.machine import busy_warning, machine_facts
from bot.generation.hardware import choose_device, choose_num_threads
from model.checkpoint import load_checkpoint
from model.config import ModelConfig
from model.engine import Engine, GenerationRequest, Marks
from model.errors import ModelError
from model.network.lyric_model import LyricModel
from model.sampling import NUM_CANDIDATES, SamplingParameters
from model.verse import build_request

NUM_REQUESTS = 64
NUM_LINES = 8
NUM_ROUNDS = 3
NUM_LOOP_VERSES = 2  # in each round
MAX_LOOP_TOKENS = 100
MAX_TOKENS_PER_LINE = 40
SEEDS = ("slim", "the river", "tonight", "my name", "a candle", "gold", "never again", "listen")
SAMPLING = SamplingParameters()


@dataclass(frozen=True, slots=True)
class Subject:
    """What is measured: a model, the marks the engine needs, and the verses asked for."""

    name: str
    model: LyricModel
    newline_id: int
    eos_id: int
    requests: tuple[GenerationRequest, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    seconds: float
    num_tokens: int

    @property
    def tokens_per_s(self) -> float:
        return self.num_tokens / self.seconds


def add_command(commands: Any) -> None:
    """Add `generation` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("generation", help=__doc__, description=__doc__)
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    parser.add_argument(
        "--random-weights", action="store_true", help="an untrained model of the usual size"
    )
    parser.add_argument("--device", default="auto", help="cpu, cuda or auto (default)")
    parser.add_argument(
        "--threads", type=int, default=0, help="0 (default): as many as the bot would take"
    )
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    torch.set_num_threads(choose_num_threads(options.threads))
    facts = machine_facts()
    device = choose_device(options.device)
    try:
        subject = (
            _untrained(device)
            if options.random_weights
            else _from_checkpoint(options.checkpoint, device)
        )
        report = {"machine": facts, **measure(subject)}
    except ModelError as error:
        print(
            f"{error} Train one with `python -m model train`, or measure an untrained model"
            " with --random-weights.",
            file=sys.stderr,
        )
        return 1
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        _print_table(report)
    if warning := busy_warning(facts):
        print(warning, file=sys.stderr)
    return 0


def measure(subject: Subject) -> dict[str, Any]:
    """Engine and loop take turns, so that other load on the machine falls on both; medians."""
    loop = LSTMLoop(subject.model, subject.newline_id)
    _check_same_model(loop, subject.requests[0])
    engine = Engine(
        subject.model, Marks(subject.newline_id, (), (subject.eos_id,)), precision="auto"
    )
    _time_engine(engine, subject.requests[:4])  # warm up
    alone, together, looped = [], [], []
    for turn in range(NUM_ROUNDS):
        first = turn * NUM_LOOP_VERSES
        alone.append(_time_engine(engine, subject.requests[turn : turn + 1]))
        together.append(_time_engine(engine, subject.requests))
        looped.append(_time_loop(loop, subject.requests[first : first + NUM_LOOP_VERSES]))
    seconds = statistics.median(timing.seconds for timing in together)
    tokens_per_s = statistics.median(timing.tokens_per_s for timing in together)
    loop_tokens_per_s = statistics.median(timing.tokens_per_s for timing in looped)
    return {
        "model": {"name": subject.name, **_sizes(subject.model.config)},
        "single": {
            "seconds_per_verse": statistics.median(timing.seconds for timing in alone),
            "tokens_per_s": statistics.median(timing.tokens_per_s for timing in alone),
        },
        "concurrent_64": {
            "seconds": seconds,
            "num_tokens": together[0].num_tokens,
            "tokens_per_s": tokens_per_s,
            "ratio_to_loop": tokens_per_s / loop_tokens_per_s,
        },
        "loop": {
            "tokens_per_s": loop_tokens_per_s,
            "has_same_weights": loop.has_same_weights,
            "num_verses_measured": NUM_ROUNDS * NUM_LOOP_VERSES,
            "seconds_for_64_extrapolated": together[0].num_tokens / loop_tokens_per_s,
        },
    }


def _time_engine(engine: Engine, requests: tuple[GenerationRequest, ...]) -> Timing:
    start = time.perf_counter()
    for request in requests:
        engine.add(request)
    num_tokens = 0
    while engine.has_work:
        num_tokens += sum(len(sequence.tokens) for sequence in engine.step())
    return Timing(time.perf_counter() - start, num_tokens)


def _time_loop(loop: LSTMLoop, requests: tuple[GenerationRequest, ...]) -> Timing:
    start = time.perf_counter()
    # A model without training hardly ever ends a line here; what counts is the time per token.
    num_tokens = sum(loop.write(replace(each, max_tokens=MAX_LOOP_TOKENS)) for each in requests)
    return Timing(time.perf_counter() - start, num_tokens)


@torch.inference_mode()
def _check_same_model(loop: LSTMLoop, request: GenerationRequest) -> None:
    """A loop that computes something else than our LSTM would be worth nothing."""
    model = loop.model
    prompt = torch.tensor([request.prompt], device=model.output_bias.device)
    (artist,) = request.artist_weights
    voice = model.artist_vectors(prompt.new_tensor([artist]))
    expected, _ = model(prompt, torch.full_like(prompt, artist), model.initial_state(voice))
    state = None
    for position, token in enumerate(request.prompt):
        logits, state = loop.logits(token, voice[0], state)
        torch.testing.assert_close(logits, expected[0, position], rtol=1e-3, atol=1e-3)


def _from_checkpoint(folder: Path, device: str) -> Subject:
    checkpoint = load_checkpoint(folder, device)
    tokenizer = checkpoint.tokenizer
    requests = tuple(
        build_request(
            tokenizer,
            seed=SEEDS[index % len(SEEDS)],
            artist=index % len(checkpoint.artists),
            lines=NUM_LINES,
            sampling=SAMPLING,
            rng_seed=index,
        )
        for index in range(NUM_REQUESTS)
    )
    return Subject(
        checkpoint.version, checkpoint.model, tokenizer.newline_id, tokenizer.eos_id, requests
    )


def _untrained(device: str) -> Subject:
    """The usual sizes, and newlines about as often as in verse: one in ten of the candidates."""
    torch.manual_seed(0)
    model = LyricModel(ModelConfig(vocab_size=4096, num_artists=58)).to(device).eval()
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
    requests = tuple(replace(request, rng_seed=n, artist=n % 58) for n in range(NUM_REQUESTS))
    return Subject("untrained", model, newline_id=2, eos_id=1, requests=requests)


def _sizes(config: ModelConfig) -> dict[str, int]:
    names = ("vocab_size", "embedding_size", "artist_size", "hidden_size", "num_layers")
    return {name: getattr(config, name) for name in names}


def _print_table(report: dict[str, Any]) -> None:
    model, machine = report["model"], report["machine"]
    single, together, loop = report["single"], report["concurrent_64"], report["loop"]
    table = Table(
        title=f"{NUM_REQUESTS} verses of {NUM_LINES} lines by {model['name']}",
        caption=f"{machine['processor']}, {machine['num_threads']} of"
        f" {machine['num_processors']} threads, torch {machine['torch']}",
    )
    for heading in ("", "seconds", "tokens/s"):
        table.add_column(heading, justify="left" if not heading else "right")
    loop_name = "nn.LSTM loop" if loop["has_same_weights"] else "nn.LSTM loop of the same sizes"
    rows = (
        ("engine, one verse", single["seconds_per_verse"], single["tokens_per_s"]),
        ("engine, 64 at once", together["seconds"], together["tokens_per_s"]),
        (
            f"{loop_name}, 64 in turn (from {loop['num_verses_measured']})",
            loop["seconds_for_64_extrapolated"],
            loop["tokens_per_s"],
        ),
    )
    for name, seconds, tokens_per_s in rows:
        table.add_row(name, f"{seconds:.2f}", f"{tokens_per_s:,.0f}")
    console = Console()
    console.print(table)
    console.print(f"64 at once are {together['ratio_to_loop']:.1f} times as fast as the loop.")
