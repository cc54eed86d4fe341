"""Every text that members read, by name. Braces are filled in where the text is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    # The verse card
    made_in_style: str  # {artist}
    asked_by: str  # {member}
    whole_verse_attached: str
    waiting: str  # {position} {seconds}
    being_written: str  # {seconds}
    again: str
    continue_verse: str
    why: str
    free_verse: str
    no_rhyme_known: str  # {scheme}
    mixed_names: str  # between two artists

    # Why a verse reads as it does
    why_title: str  # {number}
    why_rhymes: str
    scheme_met: str  # {scheme} {met} {pairs}
    scheme_too_short: str  # {scheme}
    scheme_free: str
    scheme_before: str
    rhyme_density: str  # {density}
    why_new: str
    is_new: str  # {run}
    is_copy: str  # {run}
    no_lyrics_known: str
    why_voice: str
    likeness: str  # {artist} {bits}
    likeness_of_others: str  # {count} {bits}
    by_other_model: str  # {checkpoint}
    no_other_voices: str
    tries: str  # {count}
    temperature: str  # {temperature}

    # Battles
    battle_title: str  # {a} {b}
    battle_theme: str  # {seed}
    battle_part: str  # {round} {side} {artist}
    battle_writing: str  # {round} {num_rounds} {artist}
    battle_waiting: str  # {round} {num_rounds} {artist} {position} {seconds}
    battle_vote: str  # {when}
    battle_won: str  # {artist} {votes} {others}
    battle_draw: str  # {votes}
    battle_no_votes: str
    battle_broken_off: str
    other_opponents: str
    battle_style: str  # {a} {b}

    # When something is not to be
    unexpected: str  # {reference}
    old_button: str
    missing_permission: str
    try_these: str

    # While somebody types
    not_learned: str  # {artist}
    new_artist: str  # {artist}

    # Lists
    artists_title: str  # {count}
    no_artists: str
    page: str  # {page} {num_pages}
    top_title: str  # {period}
    top_of_artist: str  # {artist} {period}
    periods: dict[str, str]
    no_top: str
    to_the_card: str

    # Submitting
    form_title: str
    form_notice: str  # {artist}
    form_song: str
    form_song_hint: str
    form_lyrics: str
    form_lyrics_hint: str
    form_consent: str
    form_consent_hint: str
    consent_needed: str
    words_given_back: str
    submitted: str  # {title} {artist} {number}
    withdrawn: str  # {title}
    nothing_submitted: str
    your_submissions: str
    withdraw: str
    states: dict[str, str]

    help: str  # {artist}
    about: str
    privacy: str
