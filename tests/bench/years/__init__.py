"""Years of an organisation: a few days played by the real services, and copied with fresh ids."""
