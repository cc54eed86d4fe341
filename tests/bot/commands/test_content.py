"""What a server does not want said: neither taken from members nor shown to them."""

from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import Stage


async def test_a_seed_of_a_blocked_word_is_refused_in_its_server_alone(stage: Stage) -> None:
    await stage.store.words.add(stage.channel.guild.id, "slime", created_by=1)
    assert only_text(await stage.rap("SL1ME time")).startswith("I do not say that here.")
    assert only_text(await stage.rap("f u c k")).startswith("I do not say that here.")
    assert (await stage.rap("slim")).response.embeds[0].description.startswith("**slim**")


async def test_no_verse_has_a_word_that_its_server_blocks(stage: Stage) -> None:
    await stage.rap("slim", lines=8)
    verse = await stage.store.verses.get(1)
    assert verse is not None
    words = {word for word in verse.text.split()[1:] if word.isalpha() and len(word) > 1}
    for word in words:
        await stage.store.words.add(stage.channel.guild.id, word, created_by=1)
    for number in range(2, 5):
        await stage.rap("slim", lines=8)
        other = await stage.store.verses.get(number)
        assert other is not None
        assert not {word.strip(".,!?") for word in other.text.split()} & words


async def test_a_verse_is_not_gone_on_from_where_its_words_may_not_be_said(stage: Stage) -> None:
    result = await stage.rap("slim", lines=4)
    await stage.store.words.add(stage.channel.guild.id, "slim", created_by=1)
    pressed = await stage.ben.click(result.response, custom_id="cypher:1:continue:1")
    assert only_text(pressed).startswith("I do not go on from that here.")
