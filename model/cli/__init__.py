"""The command line for people without a bot: train, sample, evaluate."""
