"""What pages ask about tickets, each in a fixed number of statements."""
