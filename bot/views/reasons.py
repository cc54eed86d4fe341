"""Why a verse can be reported."""

from bot.locale import N_, Translator

# Under these names they are stored.
REASONS = {
    "hate": N_("Hateful, or an attack on somebody"),
    "explicit": N_("Sexual or violent"),
    "person": N_("About a real person, or private"),
    "copy": N_("Copied from a song"),
    "other": N_("Something else"),
}


def said_of(reason: str | None, _: Translator) -> str:
    """A stored reason as moderators read it."""
    kind, _space, words = (reason or "other").partition(" ")
    label = _(REASONS.get(kind, REASONS["other"]))
    return f"{label}: {words}" if words else label
