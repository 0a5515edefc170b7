"""What pages ask about issues, each in a fixed number of statements."""
