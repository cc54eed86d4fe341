"""What /help and /about show."""

import discord

from bot.config import PrivacyConfig
from bot.locale import Translator
from bot.moderation import neutralise
from bot.views.card import COLOUR
from bot.views.language import has_han, translator_for
from bot.views.services import services_of


def help_card(interaction: discord.Interaction) -> discord.Embed:
    _ = translator_for(interaction)
    known = services_of(interaction).generation.artists(interaction.guild_id)
    fitting = sorted(known, key=lambda name: has_han(name) != (_.language == "zh_CN"))
    example = fitting[0] if fitting else "…"
    said = "\n".join(_help(_)).format(artist=example)
    return discord.Embed(title="Cypher", description=said, colour=COLOUR)


async def about_card(interaction: discord.Interaction) -> discord.Embed:
    services, _ = services_of(interaction), translator_for(interaction)
    said = "\n".join((*_about(_), "", *_privacy(services.config.privacy, _)))
    embed = discord.Embed(title="Cypher", description=said, colour=COLOUR)
    generation = services.generation
    embed.add_field(name=_("Checkpoint"), value=neutralise(generation.live_version))
    num_artists = len(generation.artists(interaction.guild_id))
    embed.add_field(name=_("Artists"), value=str(num_artists))
    return embed


def _help(_: Translator) -> tuple[str, ...]:
    return (
        _("**Make verses**"),
        _(
            "`/rap seed:slim artist:{artist}` writes a verse that opens with your words,"
            " in that artist's manner."
        ),
        _(
            "`rhyme` says which lines rhyme, `mix` brings in a second artist with a"
            " `share` in per cent, `lines` and `mood` are up to you; `temperature` is the"
            " mood as a number."
        ),
        _(
            "Under each verse: 👍 and 👎 vote (press again to take it back), 🔁 writes"
            " another one, ➕ goes on where it ends, 🔍 shows what rhymes and how new it is,"
            " 🎹 makes a beat for it, 🚩 tells the moderators what is wrong with it."
        ),
        _(
            "`/battle` lets two artists rap against each other by turns, the second in the"
            " rhymes of the first; the vote ends by itself, and 🚩 is below it too."
        ),
        _(
            "`/beat` writes music in a style, to see, to hear and to keep as a MIDI file. It goes"
            " on from a MIDI file of yours, or from chords."
        ),
        *_help_members(_),
        *_help_admins(_),
        "",
        _("`/about` says how I work and what I keep."),
    )


def _help_members(_: Translator) -> tuple[str, ...]:
    return (
        _(
            "`/artists` lists everybody I have learned. `/top` shows the best-loved verses and"
            " beats."
        ),
        "",
        _("**Teach me**"),
        _(
            "`/submit artist:…` hands in lyrics, of an artist I know or a new one. An"
            " admin reviews them."
        ),
        _("`/submit-beat style:…` hands in a beat as a MIDI file, in the same way."),
        _("`/withdraw` shows what you handed in, and takes it back."),
        _("`/mydata export` shows all that I keep of you, `/mydata forget` erases it."),
    )


def _help_admins(_: Translator) -> tuple[str, ...]:
    return (
        "",
        _("**Admins**"),
        _(
            "`/submissions` reviews what came in. `/retrain` lets me learn it. `/training`"
            " shows how that goes, or stops it."
        ),
        _("`/model` shows the versions of the model, and goes back to one."),
        _("`/settings` says where, how often and in what words I may be used here."),
        _(
            "`/reports` shows what members reported, `/bans` whom I do not serve here,"
            " and `/unban` ends that. `/words` blocks words of your own, and `/artists remove:…`"
            " takes an artist away on request."
        ),
    )


def _about(_: Translator) -> tuple[str, ...]:
    return (
        _(
            "I am Cypher: a small neural network (an LSTM) that read many songs and poems,"
            " one artist beside the other, and now writes word by word. I do not look"
            " anything up, and no artist wrote, sang or approved what I say: every verse is"
            " machine-made in the style of somebody."
        ),
        _(
            "Votes rank verses in `/top`. New lyrics come from members through `/submit`, and"
            " new beats through `/submit-beat`, never from the channel."
        ),
    )


def _privacy(config: PrivacyConfig, _: Translator) -> tuple[str, ...]:
    return (
        _(
            "**Submissions train the model.** Lyrics and beats that you submit and an admin"
            " approves are used to train me, and what I have learned from them can show in"
            " verses here and in every server I am in."
        ),
        _(
            "I keep: what you submit, with your Discord number, the time of your consent"
            " and the reviewer's decision; verses, battles and beats, with who asked for them,"
            " their seed, artists and opening notes; votes, with who cast them; and reports and"
            " bans. I never read messages."
        ),
        _(
            "`/withdraw` erases the words you submitted and keeps them out of every later"
            " training. What a checkpoint has already learned fades only with the next"
            " ones."
        ),
        _(
            "`/mydata export` gives you all that I keep of you, and `/mydata forget` erases it"
            " at once."
        ),
        *_keeping_times(config, _),
    )


def _keeping_times(config: PrivacyConfig, _: Translator) -> list[str]:
    told = []
    if days := config.keep_requester_days:
        told.append(
            _.ngettext(
                "A verse or a beat forgets who asked for it after {count} day.",
                "A verse or a beat forgets who asked for it after {count} days.",
                days,
            ).format(count=days)
        )
    if days := config.keep_verses_days:
        told.append(
            _.ngettext(
                "A verse or a beat and its votes are erased after {count} day.",
                "A verse or a beat and its votes are erased after {count} days.",
                days,
            ).format(count=days)
        )
    return told
