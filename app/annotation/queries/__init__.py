"""What the pages of labelling read."""
