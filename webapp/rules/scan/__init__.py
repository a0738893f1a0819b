"""The scan: plain questions about the work that runs through the owner's head."""
