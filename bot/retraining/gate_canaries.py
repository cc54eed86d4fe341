"""What forbids a candidate by the verses that it and the live checkpoint wrote of fixed seeds."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from bot.locale import N_, Sentence, Value
from bot.store import split_voice

Canaries = Sequence[Mapping[str, Any]]

_CALLED = {
    "blank": N_("a verse without words"),
    "cut": N_("a verse of one line"),
    "seed": N_("a verse that does not open with its seed"),
    "loop": N_("a verse that goes in circles"),
    "copy": N_("a verse that copies a lyric"),
    "explicit": N_("an explicit verse by an artist whom nobody taught that"),
}
_WORSE = {
    "rhyme": N_("its verses rhyme less ({before:.2f} → {after:.2f})"),
    "density": N_("its verses have fewer rhymes inside ({before:.2f} → {after:.2f})"),
    "novel": N_("its verses repeat more of the lyrics ({before:.2f} → {after:.2f})"),
    "distinct": N_("its verses repeat themselves more ({before:.2f} → {after:.2f})"),
}
_FAULTY = N_("the canaries have {fault} ({after} of {count}, before {before}; one is by {artist})")
_TOLERANCE = 0.05  # a share; of the density, vowels a word
_NUM_ERRORS = 2.0
_ENOUGH = 12  # of fewer verses a mean says nothing


def called(voice: str) -> str | Sentence:
    """An artist by name, where all servers may read it."""
    name, guild_id = split_voice(voice)
    return name if guild_id is None else Sentence(N_("an artist of one server"))


def fault_of(canaries: object) -> Sentence | None:
    """An objection as the end of a sentence, or None. No canaries are one."""
    if not isinstance(canaries, list) or not canaries:
        return Sentence(N_("there are no canary verses to judge by"))
    try:
        return _slur(canaries) or _fault(canaries) or _worse(canaries)
    except (KeyError, TypeError):
        return Sentence(N_("the canary verses cannot be read"))


_BEAT_FAULTS = {
    "unwritten": N_("a beat that could not be written"),
    "silent": N_("a beat that is mostly silent"),
    "stuck": N_("a beat with a chord that never ends"),
    "copy": N_("a beat that copies a piece that it learned"),
}


def fault_of_beats(canaries: object) -> Sentence | None:
    """The same of beats: of no fault more than the live checkpoint has."""
    if not isinstance(canaries, list) or not canaries:
        return Sentence(N_("there are no canary beats to judge by"))
    try:
        for fault, told in _BEAT_FAULTS.items():
            after = [each for each in canaries if fault in each["candidate"]]
            before = sum(fault in each["live"] for each in canaries)
            if len(after) > before:
                values: dict[str, Value] = {
                    "fault": Sentence(told),
                    "after": len(after),
                    "count": len(canaries),
                    "before": before,
                    "artist": called(after[0]["style"]),
                }
                return Sentence(_FAULTY, values)
    except (KeyError, TypeError):
        return Sentence(N_("the canary beats cannot be read"))
    return None


def _slur(canaries: Canaries) -> Sentence | None:
    """No single one is taken, whatever the live checkpoint says."""
    for each in canaries:
        if "slur" in each["candidate"]["faults"]:
            said = N_("a canary verse by {artist} has a word that I never say")
            return Sentence(said, {"artist": called(each["artist"])})
    return None


def _fault(canaries: Canaries) -> Sentence | None:
    """Of no fault more than the live checkpoint has."""
    for fault, told in _CALLED.items():
        judged = [each for each in canaries if fault != "explicit" or not each["is_touched"]]
        before, after = (
            sum(fault in each[who]["faults"] for each in judged) for who in ("live", "candidate")
        )
        if after > before:
            who = next(
                each["artist"]
                for each in judged
                if fault in each["candidate"]["faults"] and fault not in each["live"]["faults"]
            )
            values: dict[str, Value] = {
                "fault": Sentence(told),
                "artist": called(who),
                "count": len(judged),
                "before": before,
                "after": after,
            }
            return Sentence(_FAULTY, values)
    return None


def _worse(canaries: Canaries) -> Sentence | None:
    """A mean loss that is more than the tolerance, and more than two standard errors."""
    if len(canaries) < _ENOUGH:
        return None
    for measure, told in _WORSE.items():
        losses = [each["live"][measure] - each["candidate"][measure] for each in canaries]
        loss = statistics.fmean(losses)
        error = statistics.stdev(losses) / len(losses) ** 0.5
        if loss > max(_TOLERANCE, _NUM_ERRORS * error):
            before, after = (
                statistics.fmean(each[who][measure] for each in canaries)
                for who in ("live", "candidate")
            )
            return Sentence(told, {"before": before, "after": after})
    return None
