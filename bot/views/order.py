"""What a member asks for, and the request that it becomes."""

from dataclasses import dataclass

from bot.errors import BadSeed
from bot.generation import FREE, Mix, SamplingParameters, VerseRequest
from bot.locale import N_
from bot.moderation import ContentRules
from bot.store import GuildSettings, Verse
from bot.views.services import Services

_NUM_CONTEXT_LINES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """None leaves a number to the server's or the configuration's default, and the scheme to the
    artist.

    Artists are as typed, or, where `are_voices`, exactly those of a verse that is there.
    """

    artist: str | None  # None: the server's usual one
    seed: str
    num_lines: int | None = None
    temperature: float | None = None
    scheme: str | None = None
    mix: Mix | None = None
    context: str = ""  # what stands before the seed, when a verse is continued
    parent_id: int | None = None  # the verse that is continued
    are_voices: bool = False


def same_again(verse: Verse) -> Order:
    return Order(
        artist=verse.voice,
        are_voices=True,
        seed=verse.seed,
        num_lines=verse.num_lines,
        temperature=verse.temperature,
        scheme=verse.scheme,
        mix=_mix(verse),
        context=verse.context,
        parent_id=verse.parent_id,
    )


def continuation(verse: Verse) -> Order:
    """Goes on where the verse ends: its last lines are the context, and no seed is needed."""
    return Order(
        artist=verse.voice,
        are_voices=True,
        seed="",
        num_lines=verse.num_lines,
        temperature=verse.temperature,
        scheme=verse.scheme,
        mix=_mix(verse),
        context=_last_lines(verse),
        parent_id=verse.id,
    )


def _last_lines(verse: Verse) -> str:
    """Of a scheme that ends in the middle, so many that it begins with the first of them: lines of
    the context count as its first ones.
    """
    lines = verse.text.splitlines()
    if verse.scheme is None or verse.scheme == FREE:
        return "\n".join(lines[-_NUM_CONTEXT_LINES:])
    stands = [line for line in (*verse.context.splitlines(), *lines) if line.strip()]
    num_more = (len(stands) - _NUM_CONTEXT_LINES) % len(verse.scheme)
    return "\n".join(stands[-_NUM_CONTEXT_LINES - num_more :])


def _mix(verse: Verse) -> Mix | None:
    if verse.mix_voice is None or verse.mix_share is None:
        return None
    return Mix(artist=verse.mix_voice, share=verse.mix_share)


def request_for(
    order: Order,
    artist: str,
    user_id: int,
    services: Services,
    settings: GuildSettings,
    rules: ContentRules,
) -> VerseRequest:
    """`artist` is a voice, and so is that of the order's mix.

    Raises BadSeed for words that may not be said where the verse will be shown.
    """
    rules.check_seed(order.seed)
    if not rules.allows(order.context):
        raise BadSeed(N_("I do not go on from that here. Ask for a new verse with /rap."))
    defaults = services.config.generation
    temperature = defaults.temperature if order.temperature is None else order.temperature
    lines = order.num_lines or settings.default_lines or defaults.default_lines
    return VerseRequest(
        user_id=user_id,
        artist=artist,
        seed=order.seed,
        lines=min(lines, defaults.max_lines),
        sampling=SamplingParameters(
            temperature=temperature,
            top_k=defaults.top_k,
            top_p=defaults.top_p,
            repetition_penalty=defaults.repetition_penalty,
        ),
        rng_seed=services.rng_seed,
        context=order.context,
        scheme=order.scheme,
        mix=order.mix,
        may_stand=rules.allows,
    )
