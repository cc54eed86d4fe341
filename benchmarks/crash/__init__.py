"""The crash drill: the bot is killed at bad moments, and must have kept what it acknowledged."""
