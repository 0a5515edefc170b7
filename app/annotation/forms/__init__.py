"""What people fill in about labelling."""
