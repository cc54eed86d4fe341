"""What benchmarks share that train a recipe on a published set and put it among its peers."""
