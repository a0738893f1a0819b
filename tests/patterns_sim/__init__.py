"""Organisations that never were: healthy ones with honest noise, and ones with a planted fault."""
