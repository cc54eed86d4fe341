"""The sentences of members' mistakes in Chinese. In English an error says it itself."""

from collections.abc import Callable
from typing import Any

from bot import errors
from bot.errors import UserError

_STATES = {"pending": "正在审核", "approved": "已经收录", "refused": "之前没有通过审核"}

Sentence = Callable[[Any], str]

CHINESE_ERRORS: dict[type[UserError], Sentence] = {
    errors.UnknownArtist: lambda e: (
        f"我还没学过{e.name}。"
        + (f"你是不是要找：{'、'.join(e.nearest)}？" if e.nearest else "")
        + "可以用 /submit 教我，或看看 /artists。"
    ),
    errors.MoodAndTemperature: lambda e: (
        "mood 就是 temperature 的名字，两个请只给一个（mood 或 temperature）。"
    ),
    errors.ShareWithoutMix: lambda e: "share 是第二位作者所占的份额，请用 mix 选一位。",
    errors.QueueFull: lambda e: (
        f"排队的词太多了，请大约 {max(1, round(e.retry_after_s))} 秒后再试。"
    ),
    errors.TooManyWaiting: lambda e: f"你已有 {e.limit} 段词在排队，请等其中一段写完再来。",
    errors.DeadlineExceeded: lambda e: (
        f"你的词等了超过 {e.deadline_s:g} 秒，我放弃了。请稍后再试。"
    ),
    errors.EngineStopped: lambda e: "我现在写不了词，请一分钟后再试。",
    errors.NotAllowed: lambda e: "只有本服务器的管理员可以这样做，请找其中一位。",
    errors.DuplicateLyrics: lambda e: (
        f"{e.artist}的《{e.title}》{_STATES.get(e.state, '我已见过')}。请投稿另一首。"
    ),
    errors.TooManyPending: lambda e: f"你已有 {e.limit} 份投稿在审核，请等一部分有结果后再投。",
    errors.SubmissionsClosed: lambda e: "这里已关闭投稿，管理员可以重新打开。",
    errors.AlreadyReviewed: lambda e: f"投稿 {e.lyrics_id} 已经审核过了。剩下的请看 /submissions。",
    errors.NoSuchLyrics: lambda e: (
        f"没有编号 {e.lyrics_id} 的投稿（或已不在）。待审的请看 /submissions。"
    ),
    errors.NoSuchVerse: lambda e: "那段词已经不在了。用 /rap 再写一段吧。",
    errors.SameArtist: lambda e: f"对战要两个人，{e.name}不能和自己打。请换一位对手。",
    errors.NoSuchBattle: lambda e: "没有这场可以投票的对战。用 /battle 开一场吧。",
    errors.BattleOver: lambda e: "这场对战的投票已经结束。再来一场：/battle。",
    errors.TrainingBusy: lambda e: "训练正在进行。请看 /training，等它结束。",
    errors.TrainingDisabled: lambda e: "这里已关闭训练，运行者可以在 config.toml 里打开。",
    errors.NothingToTrain: lambda e: (
        f"新通过的歌词有 {e.num_lyrics} 份，训练需要 {e.min_lyrics} 份。"
        "请用 /submit 投稿，用 /submissions 审核。"
    ),
}
