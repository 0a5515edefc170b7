"""What can be done to projects, their people, states and labels."""
