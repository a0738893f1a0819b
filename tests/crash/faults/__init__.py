"""Seeded mornings on real processes, with faults thrown in, and what must be true afterwards."""
