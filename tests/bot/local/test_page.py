"""The page that a newcomer opens, driven in a real browser."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, async_playwright, expect
from sqlalchemy import update

from bot.app import build
from bot.config import Config
from bot.local import serve
from bot.store import Store
from bot.store.battle_tables import BattleRow
from bot.views import referee
from model.midi import PianoRoll
from model.midi.audio import render_audio
from tests.bot.commands.test_retrain import Progress
from tests.bot.conftest import ARTIST, PNG, FakeRenderer, FakeTrainer

_TIMEOUT_MS = 30_000

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass
class Browser:
    page: Page
    store: Store
    trainer: FakeTrainer
    renderer: FakeRenderer

    async def command(self, name: str, **options: str) -> None:
        """Typed into the composer, as a person would."""
        keyboard = self.page.keyboard
        await self.page.click("textarea")
        await keyboard.type(f"/{name}")
        await expect(self.page.get_by_text(f"/{name}").first).to_be_visible()
        await keyboard.press("Enter")
        for position, value in enumerate(options.values()):
            if position:  # the first of the options that may be left out is offered next
                await keyboard.press("Tab")
                await keyboard.press("Enter")
                await self.page.get_by_role("listbox").get_by_role("option").first.click()
            await keyboard.type(value)
            if position:
                offered = self.page.get_by_role("listbox").get_by_role("option").first
                await expect(offered).to_contain_text(value)
                await keyboard.press("Enter")
        await self.page.get_by_role("button", name="Send").click()

    async def view_as(self, member: str) -> None:
        await self.page.get_by_label("Viewing as").select_option(label=member)

    async def press(self, label: str) -> None:
        await self.page.get_by_role("button", name=label).last.click()

    async def sees(self, text: str) -> None:
        await expect(self.page.get_by_text(text).last).to_be_visible()


@pytest.fixture
async def browser(config: Config, chromium: str) -> AsyncIterator[Browser]:
    trainer, renderer = FakeTrainer(), FakeRenderer()
    async with contextlib.AsyncExitStack() as stack:
        app = await stack.enter_async_context(build(config, trainer=trainer, renderer=renderer))
        trainer.store = app.services.store
        address: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        serving = asyncio.create_task(serve(app, address.set_result))
        stack.push_async_callback(asyncio.wait, {serving})
        stack.callback(serving.cancel)
        playwright = await stack.enter_async_context(async_playwright())
        chrome = await playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        stack.push_async_callback(chrome.close)
        page = await chrome.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(_TIMEOUT_MS)
        expect.set_options(timeout=_TIMEOUT_MS)
        await page.goto(await address)
        await expect(page.get_by_text("Welcome to Cypher")).to_be_visible()
        yield Browser(page, app.services.store, trainer, renderer)


async def test_a_verse_is_asked_for_and_two_members_vote(browser: Browser) -> None:
    await browser.command("rap", seed="slim", artist=ARTIST)
    await browser.sees("machine-made in the style of Mara Quill")
    await browser.press("👍 0")
    await expect(browser.page.get_by_role("button", name="👍 1")).to_be_visible()
    await browser.view_as("Ben")
    await browser.press("👍 1")
    await expect(browser.page.get_by_role("button", name="👍 2")).to_be_visible()
    assert (await browser.store.votes.count(1)).up == 2


async def test_a_beat_is_seen_and_heard(browser: Browser) -> None:
    roll = PianoRoll.of_chords([1 << 40] * 32)
    browser.renderer.made["audio"] = await asyncio.to_thread(render_audio, roll)
    await browser.command("beat")
    await browser.sees("8 bars · 100 beats per minute")
    await expect(browser.page.get_by_role("img", name="Piano roll")).to_be_visible()
    played = browser.page.locator(".media-player-time").last
    await expect(played).not_to_contain_text("/ 0:00")
    await browser.page.get_by_role("button", name="Play beat-1.mp3").click()
    await expect(played).not_to_contain_text("0:00 /")
    await expect(browser.page.get_by_role("button", name="Download beat-1.mid")).to_be_enabled()


async def test_a_battle_gets_its_result_without_a_press(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(referee, "_MAX_SECONDS_BETWEEN_LOOKS", 0.2)
    keyboard = browser.page.keyboard
    await browser.page.click("textarea")
    await keyboard.type("/battle")
    await expect(browser.page.get_by_text("/battle").first).to_be_visible()
    await keyboard.press("Enter")
    for artist in (ARTIST, "Roof Fox"):
        await keyboard.type(artist)
        offered = browser.page.get_by_role("listbox").get_by_role("option").first
        await expect(offered).to_contain_text(artist)
        await keyboard.press("Enter")
    await keyboard.type("slim")
    await browser.page.get_by_role("button", name="Send").click()
    await browser.sees("Who wins?")
    await browser.press("🅱️ 0")
    await expect(browser.page.get_by_role("button", name="🅱️ 1")).to_be_visible()
    async with browser.store.database.writer() as session:
        await session.execute(update(BattleRow).values(ends_at=datetime.now(UTC)))
    await browser.sees("wins, 1 to 0")


async def test_a_mistake_is_answered_on_the_page(browser: Browser) -> None:
    await browser.view_as("Chen")
    await browser.command("rap", seed="slim", artist="Eminem")
    await browser.sees("have not learned Eminem")


async def test_training_is_followed_without_a_press(browser: Browser) -> None:
    await browser.command("retrain")
    await browser.sees("Training run 1")
    browser.trainer.report(Progress(fraction=0.4))
    await browser.sees("40%")
    browser.trainer.picture = PNG
    await browser.store.training_runs.finish(1, "promoted", candidate="run-1")
    browser.trainer.end()
    await browser.sees("Learned")
