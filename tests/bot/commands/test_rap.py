"""/rap: a card with a verse that opens with the seed, or one clear sentence for the member alone."""

from tests.bot.conftest import Stage


async def test_a_verse_opens_with_the_seed(stage: Stage) -> None:
    result = await stage.rap("slim")
    (embed,) = result.response.embeds
    print(embed.to_dict())
    assert embed.description.startswith("**slim**")
    assert not result.ephemeral
