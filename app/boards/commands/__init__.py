"""What can be done to issues: every change of theirs is one of these commands."""
