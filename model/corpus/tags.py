"""What sites and transcribers write into the lines of a song, and how to take it out again."""

import re

from model.corpus.characters import normalise_characters

# A longer line is no tag. The bound also keeps the work per character constant on hostile text.
MAX_TAGGED_LINE = 1000

_VERSE = r"(?:(?:pre-?|post-?|final )?chorus|verse|refrain)"
_SECTION = (
    rf"(?:{_VERSE}|bridge|hook|intro|outro|interlude|instrumental|break(?:down)?|skit|spoken"
    r"|ad-?libs?|solo|coda|repeat)"
)
_TIMES = r"(?:[x\u00d7]\s?\d{1,2}|\d{1,2}\s?(?:[x\u00d7]|times))"
_REPEATED = rf"(?:,? ?[\[(]?{_TIMES}[\])]?)"

# What a site adds around the words; its capitals are part of the evidence.
_SITE_RULES = tuple(
    re.compile(rule)
    for rule in (
        # "12 ContributorsTitle Lyrics", to which the first words or the first tag may be glued.
        r"^(?:\d{1,4} Contributors?)+(?:.{0,300}?\bLyrics)?|^.{0,300}\bLyrics(?=\[)",
        r"^.{0,900}(?:…|\.\.\.) ?Read More",
        r"(?:^|(?<=\S)|(?=\d))(?:(?:\d{1,6}(?:\.\d)?K?)?Embed(?:Share URLCopyEmbedCopy)?)+$",
        r"See .{1,80}? LiveGet tickets as low as \$[\d.,]{1,12}",
        r"^See .{1,80} Live(?=$|You might also like)",
        r"(?:^|(?<=\S))You might also like(?=$|\[)",
    )
)
# What a transcriber adds between the words.
_TAG_RULES = tuple(
    re.compile(rule, re.IGNORECASE)
    for rule in (
        r"^(?:\[[^\[\]]*\]\s?)+$|^【[^【】]*】$",  # [Verse 1: Name] [x2]
        r"^(?:[-=_*~#] ?){3,}$",  # ----
        rf"^\[(?:[^\[\]]{{1,80}}:|{_SECTION}\b[^\[\]]{{0,80}})\]",  # [Name:] words
        rf"^\[{_SECTION}(?: \d{{1,2}})?\s?:?$",  # [Chorus
        rf"^\((?:repeat )?{_SECTION}(?: \d{{1,2}})?(?:\s?:[^()]*)?{_REPEATED}?\)$",  # (Hook: Name)
        rf"(?:\s?[(\[](?:repeat )?{_TIMES}[)\]]| [x\u00d7]\d{{1,2}})+$",  # words (x2)
        rf"^(?:repeat )?{_VERSE}(?: \d{{1,2}})?{_REPEATED}?\s?[:.–—-]*$",  # Chorus x2
        # A bare "Bridge" may be verse, so these need a number or a colon.
        rf"^{_SECTION}(?: \d{{1,2}}{_REPEATED}?\s?:?|{_REPEATED}\s?:?|\s?:)$",  # Bridge 2:
        rf"^[#=*_]{{1,6}} ?{_SECTION}(?: \d{{1,2}})?\s?:? ?[#=*_]{{0,6}}$",  # ## Chorus
        r"^(?:主歌|副歌|前奏|间奏|間奏|尾奏)\s?[a-z\d]?\s?[:：]?$",
    )
)
# Nearly every line is verse: what no rule can match is let through at two quick looks.
_SUSPECT_START = re.compile(rf"[-=_*~#主副前间間尾]|See |{_SECTION}", re.IGNORECASE)
_SUSPECT_WITHIN = re.compile(r"[\[(【\d]|Embed|Read More|You might also like")


def without_tags(line: str) -> str:
    """What is left of a line, perhaps nothing. Runs to a fixed point, as tags may hide tags."""
    while len(line) <= MAX_TAGGED_LINE and _is_suspect(line):
        rest = line
        for rule in (*_SITE_RULES, *_TAG_RULES):
            rest = rule.sub("", rest)
        rest = normalise_characters(rest).strip()
        if rest == line:
            break
        line = rest
    return line


def _is_suspect(line: str) -> bool:
    return bool(_SUSPECT_START.match(line) or _SUSPECT_WITHIN.search(line))
