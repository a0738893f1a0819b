"""Sending by web push: keys, the network it may reach, and what a push service answered."""
