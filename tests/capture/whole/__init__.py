"""Whole texts with the drafts that they mean: every process, person, time, step and proof."""
