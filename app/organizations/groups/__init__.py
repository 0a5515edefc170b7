"""Groups: teams of people, and workspaces of projects. Nouns: `team`, `workspace`."""
