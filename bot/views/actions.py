"""Every button's action, by the name in its custom_id. A name once sent is never reused."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.views import (
    battle_actions,
    beat_actions,
    moderation_actions,
    my_data,
    own_submissions,
    pages,
    report_modal,
    review_actions,
    review_bulk,
    settings_actions,
    training_actions,
    verse_actions,
    version_actions,
    votes,
)
from bot.views.buttons import Action

ACTIONS: Mapping[str, Action] = MappingProxyType(
    {
        "vote": votes.vote,
        "again": verse_actions.again,
        "continue": verse_actions.go_on,
        "why": verse_actions.why,
        "voice": verse_actions.voice,
        "beat": beat_actions.for_verse,
        "beatagain": beat_actions.again,
        "beatmore": beat_actions.go_on,
        "battle": battle_actions.vote,
        "opponent": battle_actions.with_opponent,
        "artists": pages.turn_artists_page,
        "review": review_actions.review,
        "refuse": review_actions.refuse,
        "queue": review_actions.look_at,
        "takeback": review_actions.take_back,
        "bulk": review_bulk.propose,
        "approveall": review_bulk.approve_all,
        "refuseall": review_bulk.refuse_all,
        "withdraw": own_submissions.withdraw,
        "forget": my_data.forget,
        "report": report_modal.report,
        "case": moderation_actions.decide,
        "training": training_actions.press,
        "settings": settings_actions.turn_to,
        "setting": settings_actions.choose,
        "usualartist": settings_actions.ask_for_artist,
        "model": version_actions.press,
    }
)
