"""Training from nothing and fine-tuning, by one trainer."""
