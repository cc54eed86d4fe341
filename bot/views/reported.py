"""What can be reported, a verse, a battle or a beat, as those see it who judge it."""

from bot.locale import Translator
from bot.moderation import neutralise
from bot.store import Battle, Beat, Store, Subject, Verse, WorkKind
from bot.views.battle_card import EMOJI, side_of, title_of
from bot.views.beat_card import title_of_beat
from bot.views.verse_card import voices_of

Reported = Verse | Battle | Beat


async def find_reported(store: Store, subject: Subject, guild_id: int | None) -> Reported | None:
    """Only one of that server; a battle only from its vote on, when its words are there."""
    found: Reported | None
    match subject.kind:
        case "verse":
            found = await store.verses.get(subject.id)
        case "beat":
            found = await store.beats.get(subject.id)
        case "battle":
            found = await store.battles.get(subject.id)
            if found is not None and found.ends_at is None:
                return None
    if found is None or guild_id is None or found.guild_id != guild_id:
        return None
    return found


def subject_of(reported: Reported) -> Subject:
    kinds: dict[type[Reported], WorkKind] = {Verse: "verse", Battle: "battle", Beat: "beat"}
    return Subject(kinds[type(reported)], reported.id)


def name_of_reported(reported: Reported, _: Translator) -> str:
    """In Discord's markdown."""
    if isinstance(reported, Battle):
        return title_of(reported, _)
    if isinstance(reported, Beat):
        return title_of_beat(reported)
    return neutralise(voices_of(reported))


def words_of(reported: Reported) -> str:
    """A beat has none."""
    if isinstance(reported, Beat):
        return ""
    if isinstance(reported, Verse):
        return reported.text
    parts = enumerate(reported.parts)
    return "\n\n".join(f"{EMOJI[side_of(position)]} {part.text}" for position, part in parts)
