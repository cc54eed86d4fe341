"""What fine-tuning on a few songs of a new artist gains, and what it costs everybody else."""
