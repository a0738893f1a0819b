"""How well plain language is understood: tables of phrases with their meanings, and the scoring."""
