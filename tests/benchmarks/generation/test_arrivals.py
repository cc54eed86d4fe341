"""In a static batch verses wait for the longest of them; in a continuous one they do not."""

from benchmarks.generation.arrivals import poisson, serve
from benchmarks.generation.subject import untrained


def test_arrivals_come_at_the_rate_that_was_asked_for() -> None:
    times = poisson(4000, per_second=20)
    assert times == sorted(times)
    assert 180 < times[-1] < 220


def test_every_verse_is_served_and_a_static_batch_ends_together() -> None:
    subject = untrained("cpu", vocab_size=128)
    requests = [subject.request(n, lines=2 + 6 * (n % 2)) for n in range(6)]
    at_once = [0.0] * len(requests)
    spreads = {}
    for is_static in (False, True):
        engine = subject.engine(8, "fp32")
        found = serve(engine, requests, at_once, num_slots=8, is_static=is_static)
        assert len(found.each) == len(requests)
        assert found.p99 <= found.seconds
        spreads[is_static] = max(found.each) - min(found.each)
    assert spreads[True] == 0
    assert spreads[False] > 0
