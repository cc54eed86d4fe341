"""What keeps the benchmark from saying anything about the bot."""


class LoadError(Exception):
    pass
