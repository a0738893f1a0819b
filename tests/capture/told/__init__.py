"""Sentences with all that is made of them: right, or asked about."""
