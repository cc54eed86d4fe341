"""All figures of one run; what is compared takes turns, so that other load falls on both."""

import statistics
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.generation.arrivals import LINES, poisson, serve
from benchmarks.generation.ceilings import fp32_gemm, int8_gemm
from benchmarks.generation.engine_speed import (
    products_per_token,
    seconds_per_step,
    time_verses,
)
from benchmarks.generation.lstm_loop import LSTMLoop
from benchmarks.generation.subject import Subject
from model.engine import Precision

NUM_ROUNDS = 3
CONCURRENCIES = (8, 64, 256)
GPT2_ROWS = (1, 8)
_NUM_SLOTS = 64
_NUM_LOOP_VERSES = 2  # in each round
_MAX_LOOP_TOKENS = 100
_NUM_ARRIVALS = 384
_LOAD = 0.95  # of what the engine can do: many wait, and few for long


def measure(
    subject: Subject, precision: Precision, gpt2: Callable[[int], float] | None = None
) -> dict[str, Any]:
    """`single`, `concurrent_N`, `loop`, `batched`, `step` and `ceilings`, each a dict; and `gpt2`
    where `gpt2` says how many tokens a second that writes at a number of rows.
    """
    newline_id = subject.marks.newline_id
    loop = LSTMLoop(subject.model, newline_id)
    engine = subject.engine(_NUM_SLOTS, precision)
    plain: dict[str, Callable[[], float]] = {"int8_gemm": int8_gemm, "fp32_gemm": fp32_gemm}
    if gpt2:
        plain |= {f"gpt2_{num_rows}": partial(gpt2, num_rows) for num_rows in GPT2_ROWS}
    seconds: dict[int, list[float]] = {}
    rates: dict[str, list[float]] = {}
    for turn in range(NUM_ROUNDS):
        time_verses(engine, subject.requests(4))  # warm up: what ran last has left no cache
        for count in (1, *CONCURRENCIES):
            timing = time_verses(engine, subject.requests(turn + count)[-count:])
            seconds.setdefault(count, []).append(timing.seconds)
            rates.setdefault(f"{count}", []).append(timing.tokens_per_s)
        requests = subject.requests(_NUM_LOOP_VERSES * (turn + 1))[-_NUM_LOOP_VERSES:]
        rates.setdefault("loop", []).append(loop.tokens_per_s(requests, _MAX_LOOP_TOKENS))
        rates.setdefault("batched", []).append(loop.batch_tokens_per_s(_NUM_SLOTS))
        for name, rate in plain.items():
            rates.setdefault(name, []).append(rate())
    middle = {name: statistics.median(values) for name, values in rates.items()}
    return {
        "engine": engine.computes_in,
        "single": _speed(middle, seconds, 1),
        **{f"concurrent_{count}": _speed(middle, seconds, count) for count in CONCURRENCIES},
        "loop": {"tokens_per_s": middle["loop"], "has_same_weights": loop.has_same_weights},
        "batched": {"rows": _NUM_SLOTS, "tokens_per_s": middle["batched"]},
        "step": _step(subject, precision, middle["int8_gemm"]),
        "ceilings": {name: middle[name] for name in ("int8_gemm", "fp32_gemm")},
        **({"gpt2": _gpt2(middle)} if gpt2 else {}),
    }


def _gpt2(middle: dict[str, float]) -> dict[str, float]:
    """Ratios say how many times as many tokens a second the engine writes at as many rows."""
    found = {}
    for count in GPT2_ROWS:
        rate = middle[f"gpt2_{count}"]
        found[f"batch_{count}_tokens_per_s"] = rate
        found[f"ratio_at_{count}"] = middle[f"{count}"] / rate
    return found


def _speed(middle: dict[str, float], seconds: dict[int, list[float]], count: int) -> dict[str, Any]:
    rate = middle[f"{count}"]
    return {
        "seconds": statistics.median(seconds[count]),
        "tokens_per_s": rate,
        "ratio_to_loop": rate / middle["loop"],
        "ratio_to_batched": rate / middle["batched"],
    }


def _step(subject: Subject, precision: Precision, int8: float) -> dict[str, Any]:
    """The bare step at full rows; its products against what int8 products can reach."""
    engine = subject.engine(_NUM_SLOTS, precision)
    requests = subject.requests(_NUM_SLOTS, lines=64)
    per_step = statistics.median(seconds_per_step(engine, requests) for _ in range(NUM_ROUNDS))
    products = engine.num_rows * products_per_token(subject.model.config) / per_step
    return {
        "rows": engine.num_rows,
        "milliseconds": per_step * 1000,
        "products_per_s": products,
        "share_of_int8_gemm": products / int8,
    }


def measure_arrivals(
    subject: Subject, precision: Precision, per_token_s: float
) -> dict[str, dict[str, float]]:
    """The same verses of mixed lengths at the same random times, continuous and static.

    `per_token_s` is what a token costs at full rows; verses arrive at a share of that rate.
    """
    requests = [
        subject.request(number, lines=LINES[number % len(LINES)]) for number in range(_NUM_ARRIVALS)
    ]
    num_tokens = time_verses(subject.engine(_NUM_SLOTS, precision), requests).num_tokens
    per_second = _LOAD / (num_tokens / len(requests) * per_token_s)
    arrivals = poisson(len(requests), per_second)
    found = {}
    for name in ("continuous", "static"):
        engine = subject.engine(_NUM_SLOTS, precision)
        latencies = serve(
            engine,
            requests,
            arrivals,
            num_slots=engine.num_rows,
            is_static=name == "static",
        )
        found[name] = {
            "mean_s": latencies.mean,
            "p99_s": latencies.p99,
            "verses_per_s": len(requests) / latencies.seconds,
        }
    return found
