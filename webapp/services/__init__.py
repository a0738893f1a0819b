"""The use-cases, one module per family. They take a session and a moment; they never commit."""
