"""What Cypher measures about itself: `python -m benchmarks`."""
