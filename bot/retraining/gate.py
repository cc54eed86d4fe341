"""Whether a candidate may go live, from its figures alone.

Every check may forbid; the first that does gives the reason. All compare the candidate with the
live checkpoint on the same text or the same seeds, and allow for what chance explains.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from bot.locale import N_, Sentence, Value
from bot.retraining.gate_canaries import called, fault_of, fault_of_beats

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

# A frame of music takes some five bits where a character takes one to two, and each is told apart
# less surely.
FRAMES_SAY_MORE = 5

# A verdict is what was learned, as the beginning of a sentence, and what came of it.
_SONGS_BETTER = N_("The new songs read better ({bits})")
_SONGS_NOT_BETTER = N_("The new songs do not read better ({bits})")
_BEATS_BETTER = N_("The new beats read better ({bits})")
_BEATS_NOT_BETTER = N_("The new beats do not read better ({bits})")
_LIKED_LIKELIER = N_("What members like became likelier ({margin:+.2f} nats a verse)")
_LIKED_NOT_LIKELIER = N_("What members like did not become likelier ({margin:+.2f} nats a verse)")
_NOTHING_LOST = N_("{learned} and the others lost nothing ({loss:+.3f}).")
_LITTLE_LOST = N_("{learned} and the others lost little ({loss:+.3f}).")
_NOTHING_LEARNED = N_("{learned}, so the live checkpoint stays.")
_FORBIDDEN = N_("{learned}, but {objection}, so the live checkpoint stays.")
_NO_FIGURE_OF_NEW = N_("There is no figure for the new songs, so the live checkpoint stays.")
_NO_FIGURE = N_("There is no figure for the others, so the live checkpoint stays.")
# Objections.
_OTHERS_LOST = N_("the others lost too much ({loss:+.3f}, where {allowed:g} is allowed)")
_ARTIST_NOT_BETTER = N_("those of {artist} do not ({bits})")
_NO_LANGUAGE = N_(
    "those of {artist} read like no language ({bits:.2f} bits per character,"
    " where {most:g} is the most)"
)
_ONE_TEXT = N_(
    "those of {artist} are one text over and over ({bits:.2f} bits per character,"
    " where {least:g} is the least)"
)
_ARTIST_LOST = N_(
    "{artist} lost too much ({loss:+.3f} ± {error:.3f}, where {allowed:g} is allowed)"
)


@dataclass(frozen=True, slots=True)
class Decision:
    is_promoted: bool
    reason: Sentence


def judge(figures: Mapping[str, Any], max_loss_on_others: float) -> Decision:
    """Promoted when the new songs of every artist read better, nobody else's read worse by more
    than so many bits per character, and no canary sings worse.

    `figures` are those of `job.figures_of` and `measuring.measure`; one that is missing or no
    number rejects. Of beats they are in bits per frame, of which some more may be lost.
    """
    is_music = _is_music(figures)
    max_loss_on_others *= FRAMES_SAY_MORE if is_music else 1
    learned, others = _learned(figures), _comparison(figures, "others")
    if learned is None or others is None:
        return Decision(False, Sentence(_NO_FIGURE_OF_NEW if learned is None else _NO_FIGURE))
    loss = others[1] - others[0]
    if not learned.is_better:
        return Decision(False, Sentence(_NOTHING_LEARNED, {"learned": learned.told}))
    if loss > max_loss_on_others:
        lost: dict[str, Value] = {"loss": loss, "allowed": max_loss_on_others}
        return _rejected(learned.told, Sentence(_OTHERS_LOST, lost))
    checks: tuple[Callable[[], Sentence | None], ...] = (
        lambda: _who_gained_nothing(figures),
        lambda: (fault_of_beats if is_music else fault_of)(figures.get("canaries")),
        lambda: None if is_music else _what_is_no_language(figures),
        lambda: _who_lost_too_much(figures, max_loss_on_others),
    )
    for check in checks:
        if (objection := check()) is not None:
            return _rejected(learned.told, objection)
    template = _NOTHING_LOST if loss < _NOTHING else _LITTLE_LOST
    return Decision(True, Sentence(template, {"learned": learned.told, "loss": loss}))


@dataclass(frozen=True, slots=True)
class _Learned:
    is_better: bool
    told: Sentence  # the beginning of one


def _learned(figures: Mapping[str, Any]) -> _Learned | None:
    """What came of the new songs, or, where there were none, of the votes."""
    if (new := _comparison(figures, "new_songs")) is not None:
        is_better = new[1] < new[0]
        template = _SONGS_BETTER if is_better else _SONGS_NOT_BETTER
        if _is_music(figures):
            template = _BEATS_BETTER if is_better else _BEATS_NOT_BETTER
        return _Learned(is_better, Sentence(template, {"bits": _shown(figures, *new)}))
    votes = figures.get("votes")
    names = ("margin", "held_out_margin", "held_out_error")
    of = votes if isinstance(votes, Mapping) else {}
    margin, held_out, error = (_number(of.get(name)) for name in names)
    if margin is None or held_out is None or error is None or figures.get("num_songs") != 0:
        return None
    # Voters contradict themselves, and those held out are few: they may fall behind by chance.
    is_better = margin > 0 and held_out >= -_CHANCE * error
    template = _LIKED_LIKELIER if is_better else _LIKED_NOT_LIKELIER
    return _Learned(is_better, Sentence(template, {"margin": margin}))


def _who_gained_nothing(figures: Mapping[str, Any]) -> Sentence | None:
    """Each artist whose songs were learned must gain.

    A loss counts unless there is little text and the loss is within its own standard error.
    """
    for name, each in _by_artist(figures, "touched"):
        gain = each.live - each.candidate
        if gain > 0:
            continue
        is_chance = each.num_characters < _FEW_CHARACTERS and gain + each.standard_error > 0
        if not is_chance:
            bits = _shown(figures, each.live, each.candidate)
            return Sentence(_ARTIST_NOT_BETTER, {"artist": called(name), "bits": bits})
    return None


def _what_is_no_language(figures: Mapping[str, Any]) -> Sentence | None:
    """Songs of random letters get likelier too, and still cannot be foretold; songs that are all
    one line are foretold entirely.
    """
    for name, each in _by_artist(figures, "touched"):
        most = _MOST_BITS_CHINESE if each.is_chinese else _MOST_BITS
        if each.num_characters >= _FEW_TO_READ and each.candidate > most:
            values = {"artist": called(name), "bits": each.candidate, "most": most}
            return Sentence(_NO_LANGUAGE, values)
        if each.num_characters >= _FEW_TO_READ and each.candidate < _FEWEST_BITS:
            values = {"artist": called(name), "bits": each.candidate, "least": _FEWEST_BITS}
            return Sentence(_ONE_TEXT, values)
    return None


def _who_lost_too_much(figures: Mapping[str, Any], max_loss: float) -> Sentence | None:
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
            error = each.standard_error
            values = {"artist": called(name), "loss": loss, "error": error, "allowed": max_loss}
            return Sentence(_ARTIST_LOST, values)
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


def _rejected(learned: Sentence, objection: Sentence) -> Decision:
    return Decision(False, Sentence(_FORBIDDEN, {"learned": learned, "objection": objection}))


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


def _is_music(figures: Mapping[str, Any]) -> bool:
    return figures.get("kind") == "beats"


def _shown(figures: Mapping[str, Any], live: float, candidate: float) -> Sentence:
    """With as many digits as it takes to see a difference."""
    digits = 2 if abs(live - candidate) >= 0.01 else 4
    values = {"live": f"{live:.{digits}f}", "candidate": f"{candidate:.{digits}f}"}
    if _is_music(figures):
        return Sentence(N_("{live} → {candidate} bits per frame"), values)
    return Sentence(N_("{live} → {candidate} bits per character"), values)
