"""Cypher, the Discord bot: commands, views, generation, retraining, moderation and the store."""
