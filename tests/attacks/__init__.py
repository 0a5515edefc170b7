"""What somebody hostile tries, with the means that they have: walls that no other test leans against."""
