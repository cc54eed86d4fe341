"""Whether a candidate may go live, from its figures alone.

Every check may forbid; the first that does gives the reason. All compare the candidate with the
live checkpoint on the same text or the same seeds, and allow for what chance explains.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from bot.retraining.gate_canaries import called, fault_of

# A loss on the others that is smaller than this is called none.
_NOTHING = 0.005
# Standard errors by which liked verses that were held out may fall behind disliked ones.
_CHANCE = 2.0
# With fewer held-out characters of an artist, a loss that chance explains does not count.
_FEW_CHARACTERS = 600
# How often a candidate that costs every single artist just what it may is rejected for one of them.
_FALSE_ALARMS = 0.05
# Bits per character. Languages that are spelt out lie below 3 once they were read; letters drawn by
# chance need 4.7. A Chinese character says as much as a word.
_MOST_BITS, _MOST_BITS_CHINESE = 4.2, 11.0
# Songs that are all alike are known by heart, held out or not.
_FEWEST_BITS = 0.4
_FEW_TO_READ = 200


@dataclass(frozen=True, slots=True)
class Decision:
    is_promoted: bool
    reason: str


def judge(figures: Mapping[str, Any], max_loss_on_others: float) -> Decision:
    """Promoted when the new songs of every artist read better, nobody else's read worse by more
    than so many bits per character, and no canary sings worse.

    `figures` are those of `job.figures_of` and `measuring.measure`; one that is missing or no
    number rejects.
    """
    learned, others = _learned(figures), _comparison(figures, "others")
    if learned is None or others is None:
        what = "the new songs" if learned is None else "the others"
        return Decision(False, f"There is no figure for {what}, so the live checkpoint stays.")
    loss = others[1] - others[0]
    if not learned.is_better:
        return _rejected(learned.told)
    if loss > max_loss_on_others:
        return _rejected(
            f"{learned.told}, but the others lost too much ({loss:+.3f},"
            f" where {max_loss_on_others:g} is allowed)"
        )
    checks: tuple[Callable[[], str | None], ...] = (
        lambda: _who_gained_nothing(figures),
        lambda: fault_of(figures.get("canaries")),
        lambda: _what_is_no_language(figures),
        lambda: _who_lost_too_much(figures, max_loss_on_others),
    )
    for check in checks:
        if (objection := check()) is not None:
            return _rejected(f"{learned.told}, but {objection}")
    lost = "nothing" if loss < _NOTHING else "little"
    return Decision(True, f"{learned.told} and the others lost {lost} ({loss:+.3f}).")


@dataclass(frozen=True, slots=True)
class _Learned:
    is_better: bool
    told: str  # the beginning of a sentence


def _learned(figures: Mapping[str, Any]) -> _Learned | None:
    """What came of the new songs, or, where there were none, of the votes."""
    if (new := _comparison(figures, "new_songs")) is not None:
        bits, is_better = _shown(*new), new[1] < new[0]
        verb = "read" if is_better else "do not read"
        return _Learned(is_better, f"The new songs {verb} better ({bits})")
    votes = figures.get("votes")
    names = ("margin", "held_out_margin", "held_out_error")
    of = votes if isinstance(votes, Mapping) else {}
    margin, held_out, error = (_number(of.get(name)) for name in names)
    if margin is None or held_out is None or error is None or figures.get("num_songs") != 0:
        return None
    # Voters contradict themselves, and those held out are few: they may fall behind by chance.
    is_better = margin > 0 and held_out >= -_CHANCE * error
    became = "became" if is_better else "did not become"
    told = f"What members like {became} likelier ({margin:+.2f} nats a verse)"
    return _Learned(is_better, told)


def _who_gained_nothing(figures: Mapping[str, Any]) -> str | None:
    """Each artist whose songs were learned must gain.

    A loss counts unless there is little text and the loss is within its own standard error.
    """
    for name, each in _by_artist(figures, "touched"):
        gain = each.live - each.candidate
        if gain > 0:
            continue
        is_chance = each.num_characters < _FEW_CHARACTERS and gain + each.standard_error > 0
        if not is_chance:
            return f"those of {called(name)} do not ({_shown(each.live, each.candidate)})"
    return None


def _what_is_no_language(figures: Mapping[str, Any]) -> str | None:
    """Songs of random letters get likelier too, and still cannot be foretold; songs that are all
    one line are foretold entirely.
    """
    for name, each in _by_artist(figures, "touched"):
        most = _MOST_BITS_CHINESE if each.is_chinese else _MOST_BITS
        if each.num_characters >= _FEW_TO_READ and each.candidate > most:
            return (
                f"those of {called(name)} read like no language ({each.candidate:.2f} bits per"
                f" character, where {most:g} is the most)"
            )
        if each.num_characters >= _FEW_TO_READ and each.candidate < _FEWEST_BITS:
            return (
                f"those of {called(name)} are one text over and over ({each.candidate:.2f} bits"
                f" per character, where {_FEWEST_BITS:g} is the least)"
            )
    return None


def _who_lost_too_much(figures: Mapping[str, Any], max_loss: float) -> str | None:
    """An artist's own text is short, and of many artists one always looks bad.

    So a loss counts when so much of it would come by chance in one candidate of twenty at most,
    over all artists together (Bonferroni), had each of them lost just what is allowed.
    """
    artists = list(_by_artist(figures, "untouched"))
    if not artists:
        return None
    errors = NormalDist().inv_cdf(1 - _FALSE_ALARMS / len(artists))
    for name, each in sorted(artists, key=lambda pair: pair[1].live - pair[1].candidate):
        loss = each.candidate - each.live
        if loss - errors * each.standard_error > max_loss:
            return (
                f"{called(name)} lost too much ({loss:+.3f} ± {each.standard_error:.3f}, where"
                f" {max_loss:g} is allowed)"
            )
    return None


@dataclass(frozen=True, slots=True)
class _ArtistFigures:
    live: float
    candidate: float
    num_characters: float
    standard_error: float  # infinite where it is not known
    is_chinese: bool


def _by_artist(figures: Mapping[str, Any], name: str) -> Iterator[tuple[str, _ArtistFigures]]:
    """What is no figure counts as a loss of everything."""
    values = figures.get(name)
    for artist, each in values.items() if isinstance(values, Mapping) else ():
        of = each if isinstance(each, Mapping) else {}
        live, candidate = _number(of.get("live")), _number(of.get("candidate"))
        error = _number(of.get("standard_error"))
        yield (
            artist,
            _ArtistFigures(
                0.0 if live is None else live,
                math.inf if candidate is None else candidate,
                _number(of.get("num_characters")) or 0.0,
                math.inf if error is None and candidate is not None else error or 0.0,
                bool(of.get("is_chinese")),
            ),
        )


def _rejected(objection: str) -> Decision:
    return Decision(False, f"{objection}, so the live checkpoint stays.")


def _comparison(figures: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    """Live and candidate, in bits per character."""
    values = figures.get(name)
    if not isinstance(values, Mapping):
        return None
    live, candidate = _number(values.get("live")), _number(values.get("candidate"))
    return None if live is None or candidate is None else (live, candidate)


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _shown(live: float, candidate: float) -> str:
    """With as many digits as it takes to see a difference."""
    digits = 2 if abs(live - candidate) >= 0.01 else 4
    return f"{live:.{digits}f} → {candidate:.{digits}f} bits per character"
