"""API keys: programs that act for a member, and never beyond what the member may do now and the key names."""
