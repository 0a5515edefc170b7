"""What members keep at hand, and what they tie together."""
