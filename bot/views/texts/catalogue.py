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
