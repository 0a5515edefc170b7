"""What pages about pages ask, each in a fixed number of statements."""
