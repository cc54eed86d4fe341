"""Chinese for the names that Discord itself shows: descriptions of commands and options."""

import discord
from discord import app_commands

_CHINESE = {
    "Write a verse that opens with your words": "用你给的字开头写一段词",
    "The words that the verse opens with": "这段词开头的字",
    "Whose voice it takes": "用谁的口吻",
    "How many lines, 2 to 32": "几行，2 到 32",
    "Which lines rhyme; else as the artist rhymes": "哪几句押韵；不选就按作者的习惯",
    "A second artist whose voice is mixed in": "再混入一位作者的口吻",
    "How much of the second artist, 0 to 100 per cent; else 50": (
        "第二位作者占多少，0 到 100（%），默认 50"
    ),
    "How wild": "多放飞",
    "How wild as a number, 0 to 2": "用数字说多放飞，0 到 2",
    "AABB (couplets)": "AABB（两句一韵）",
    "ABAB (in turn)": "ABAB（交叉韵）",
    "ABBA (one embraces the other)": "ABBA（抱韵）",
    "AAAA (all on one rhyme)": "AAAA（一韵到底）",
    "ABCB (every other line)": "ABCB（隔句押韵）",
    "free (no rhyme)": "自由（不押韵）",
    "calm": "沉静",
    "usual": "平常",
    "lively": "活泼",
    "wild": "狂放",
    "Let two artists rap against each other, and vote": "让两位作者对战，由大家投票",
    "Who begins": "先手",
    "Who answers, in the same rhymes": "后手，步前者的韵",
    "The theme: the words that both open with": "题目：双方开头的字",
    "How many rounds, 2 to 4": "几个回合，2 到 4",
    "How long the vote is open, 1 to 60 minutes": "投票几分钟，1 到 60",
    "List the artists that I have learned": "列出我学过的作者",
    "Show the best-loved verses of this server": "看本服务器最受欢迎的词",
    "Only in this voice": "只看这位作者的口吻",
    "Only verses of this time": "只看这段时间的词",
    "day": "一天内",
    "week": "一周内",
    "month": "一月内",
    "all": "历来",
    "Hand in lyrics that I may learn from": "投稿我可以学习的歌词",
    "Whose lyrics; may be new": "谁的歌词，可以是新作者",
    "A text file with the words": "歌词的文本文件",
    "See the lyrics you handed in, and take them back": "查看并撤回你的投稿",
    "Review the lyrics that members handed in (admins)": "审核成员的投稿（管理员）",
    "Learn the lyrics that were approved (admins)": "学习已通过的歌词（管理员）",
    "Show the training run that is under way, or the last one": "查看正在进行或上一次的训练",
    "Show what I can do": "看看我会做什么",
    "Say how I work, what I keep, and how to take it back": "我怎样工作、保存什么、怎样撤回",
}


class ChineseTranslator(app_commands.Translator):
    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        if locale is not discord.Locale.chinese:
            return None
        return _CHINESE.get(string.message)
