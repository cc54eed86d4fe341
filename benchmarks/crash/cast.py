"""The members of the drill: they rap, vote, hand in lyrics, approve them and start training runs.

Each act is reported before it is done where it might be kept unanswered, and once its answer was
seen.
"""

import asyncio
import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import discord
import simcord

from benchmarks.crash.ledger import Rows
from benchmarks.crash.presses import (
    Press,
    old_message,
    press_together,
    stored_message,
    vote_button,
)
from benchmarks.crash.songs import write_song
from bot.app import App
from bot.backup import write_backup
from bot.local import World
from bot.retraining import TrainingProgress
from bot.views.mistakes import MISTAKE

Say = Callable[..., None]  # (event, **what it is about)

NEW_ARTIST = "Vera Volt"  # the starter checkpoint does not know her
_NUM_IN_CROWD = 6
_RUN = re.compile(r"training run (\d+)", re.IGNORECASE)
_VERDICT = "· training run"  # before it, how the run ended


@dataclass(slots=True)
class Cast:
    """`name` is in the titles of this cast's songs, and so makes them its own."""

    app: App
    world: World
    say: Say
    name: str
    rng: random.Random
    voters: list[simcord.MemberActor] = field(default_factory=list)
    _cards: dict[int, Any] = field(default_factory=dict)  # simcord's messages, by verse
    _run: simcord.ResponseMessage | None = None
    _following: asyncio.Task[None] | None = None
    _num_songs: int = 0
    _seen: list[discord.Interaction] = field(default_factory=list)

    def __post_init__(self) -> None:
        guild, env = self.world.admin.guild, self.world.env
        users = [env.create_user(f"crowd-{number}") for number in range(_NUM_IN_CROWD)]
        self.voters = [*self.world.members, *(guild.add_member(user) for user in users)]
        if self.app.bot is not None:
            self.app.bot.add_listener(self._note, "on_interaction")

    async def rap(self, artist: str) -> None:
        member = self.rng.choice(self.world.members)
        result = await member.slash(self.world.channel, "rap", seed="slim", artist=artist, lines=2)
        card = self._answer(result)
        verse = int(vote_button(card.components, 1)["custom_id"].rpartition(":")[2])
        self._cards[verse] = stored_message(self.world.env, card)
        self.say("verse", verse=verse, buttons=card.components)

    async def back_up(self) -> None:
        """Over the one before: what is written anew must be whole, and so must what it replaces."""
        config = self.app.services.config
        target = config.data_dir.parent / f"backup-{self._num_songs % 2}.tar.gz"
        await asyncio.to_thread(write_backup, config, target)
        self.say("backup", file=str(target))

    async def vote(self, num_presses: int) -> None:
        """All at once, each member once on a verse; some change or withdraw an earlier vote."""
        pairs = [(verse, member) for verse in self._cards for member in self.voters]
        chosen = self.rng.sample(pairs, min(num_presses, len(pairs)))
        presses = [
            Press(member, self._cards[verse], verse, self.rng.choice((1, -1)))
            for verse, member in chosen
        ]
        for press in presses:
            self.say("pressing", verse=press.verse, user=press.member.id, value=press.value)
        async for press in press_together(self.world.env, presses):
            self.say("vote", verse=press.verse, user=press.member.id)
        self._seen.clear()

    async def press_old(
        self, verse: int, buttons: Rows, member: simcord.MemberActor, value: Literal[1, -1]
    ) -> None:
        """On a message from before the bot started, with the buttons that it has had since."""
        message = old_message(self.world, buttons)
        self.say("pressing", verse=verse, user=member.id, value=value)
        custom_id = vote_button(buttons, value)["custom_id"]
        answered = self._answer(await member.click(message, custom_id=custom_id))
        if answered.id != message.id:
            raise RuntimeError(f"An old button of verse {verse} brought {answered.content!r}.")
        self.say("vote", verse=verse, user=member.id)

    async def submit(self) -> None:
        """By turns typed into the form, and as a file."""
        self._num_songs += 1
        title, text = f"Take {self.name} {self._num_songs}", write_song(self.rng)
        member = self.world.members[self._num_songs % 2]
        form = {"title": title, "consent": True}
        options: dict[str, Any] = {"artist": NEW_ARTIST}
        if self._num_songs % 2:
            form["lyrics"] = text
        else:
            options["file"] = ("song.txt", text.encode())
        shown = await member.slash(self.world.channel, "submit", **options)
        self.say("submitting", title=title, text=text)
        self._answer(await member.submit_modal(shown, form))
        self.say("submission", title=title)

    async def approve(self) -> None:
        """Everything that is in review."""
        admin = self.world.admin
        card = self._answer(await admin.slash(self.world.channel, "submissions"))
        while buttons := [each for each in _buttons(card) if each.get("label") == "Approve"]:
            lyrics = int(buttons[0]["custom_id"].split(":")[4])
            self.say("approving", lyrics=lyrics)
            card = self._answer(await admin.click(card, label="Approve"))
            self.say("approval", lyrics=lyrics)

    async def retrain(self) -> None:
        """A new run, unless one from before the kill goes on: that is followed instead."""
        latest = await self.app.services.store.training_runs.latest()
        if latest is not None and latest.state == "running":
            if self._following is None or self._following.done():
                self._following = asyncio.create_task(self._follow(latest.id))
            return
        self._run = self._answer(await self.world.admin.slash(self.world.channel, "retrain"))
        number = _run_in(self._run)
        self.say("run", run=number)
        self._following = asyncio.create_task(self._follow(number))

    async def _follow(self, run: int) -> None:
        stage = ""
        async for progress in self.app.services.retraining.subscribe(run):
            assert isinstance(progress, TrainingProgress)
            if progress.stage != stage:
                stage = progress.stage
                self.say(f"stage {stage}")
            verdict = progress.verdict
            if verdict is not None and verdict.state in ("promoted", "rejected") and not self._run:
                self.say("verdict", run=run, is_promoted=verdict.state == "promoted")

    def look_at_run(self) -> None:
        """Reports the verdict once the channel shows it."""
        if self._run is None or _VERDICT not in (self._run.embeds[0].title or ""):
            return
        is_promoted = any(field.name == "Live now" for field in self._run.embeds[0].fields)
        self.say("verdict", run=_run_in(self._run), is_promoted=is_promoted)
        self._run = None

    @property
    def is_training(self) -> bool:
        return self._run is not None

    async def _note(self, interaction: discord.Interaction) -> None:
        self._seen.append(interaction)

    def _answer(self, result: simcord.InteractionResult) -> Any:
        """The message that came back, or the form. Raises RuntimeError where it is a mistake."""
        mistakes = [each.extras[MISTAKE] for each in self._seen if MISTAKE in each.extras]
        self._seen.clear()
        answer = result.response or next(iter(result.followups), None)
        if mistakes or answer is None:
            raise RuntimeError(f"An act was refused: {mistakes or 'no answer came'}")
        return answer


def _buttons(card: simcord.ResponseMessage) -> list[dict[str, Any]]:
    return [each for row in card.components for each in row["components"]]


def _run_in(card: simcord.ResponseMessage) -> int:
    found = _RUN.search(card.embeds[0].title or "")
    if found is None:
        raise RuntimeError(f"This is no training run: {card.embeds[0].title}")
    return int(found[1])
