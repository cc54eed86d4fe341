"""What more tries at each line, and other weights, do to verses."""
