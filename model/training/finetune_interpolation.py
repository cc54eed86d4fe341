"""Pulling tuned weights back towards where they began, as far as the others need it."""

from collections.abc import Callable
from typing import Any

from model.network.recurrent_model import RecurrentModel
from model.training.finetune_choice import Candidate, Choice, Weights, copy_weights

_MAX_LOOKS = 6
_SHORTER = 0.75
_MARGIN = 0.98
_LEAST = 0.02  # of the way: less is not worth a look


def pull_back(
    model: RecurrentModel[Any],
    choice: Choice,
    begun: Candidate,
    tuned: Candidate,
    on_progress: Callable[[float], None],
) -> None:
    """Show `choice` weights on the straight line from `begun` to `tuned`.

    First the furthest of which the others lose no more than they may, then nearer ones for as long
    as the new songs read better (WiSE-FT, Wortsman et al. 2022). What is lost grows about with the
    square of the way, so that few looks find the furthest.
    """
    share, reading = 1.0, tuned.reading
    for look in range(_MAX_LOOKS):
        on_progress(look / _MAX_LOOKS)
        if choice.is_allowed(reading):
            if reading != choice.kept.reading:
                return
            share *= _SHORTER
        else:
            share *= _MARGIN * choice.allowed_part(reading) ** 0.5
        if not share >= _LEAST:
            return
        model.load_state_dict(_between(begun.weights, tuned.weights, share))
        reading = choice.look(model)


def step_back(
    model: RecurrentModel[Any],
    choice: Choice,
    begun: Candidate,
    tuned: Candidate,
    allowed_on_new: float,
    lost_by_kin: Callable[[RecurrentModel[Any]], float],
) -> Candidate:
    """The furthest weights on the way from `begun` to `tuned` that harm nobody; else `begun`.

    The others lose no more than `choice` allows, nor do those of them whom `lost_by_kin` measures,
    and the new songs no more than `allowed_on_new`.
    """
    share, reading = 1.0, tuned.reading
    for _ in range(_MAX_LOOKS):
        parts = (
            choice.allowed_part(reading),
            _part(lost_by_kin(model), choice.max_loss_on_others),
            _part(reading.new_songs - begun.reading.new_songs, allowed_on_new),
        )
        part = min(parts)
        if part >= 1:
            return Candidate(copy_weights(model), reading)
        share *= min(_SHORTER, _MARGIN * part**0.5)
        if not share >= _LEAST:
            break
        model.load_state_dict(_between(begun.weights, tuned.weights, share))
        reading = choice.glance(model)
    return begun


def _part(lost: float, allowed: float) -> float:
    """How much of what is lost may be lost, up to 1."""
    return min(1.0, allowed / lost) if lost > 0 else 1.0


def _between(begun: Weights, tuned: Weights, share: float) -> Weights:
    return {name: value.lerp(tuned[name], share) for name, value in begun.items()}
