"""The rules of the product: pure functions and values, no database, no clock, no network."""
