"""What can be done to tickets and queues: every change of theirs is one of these commands."""
