"""Queries and proofs over HTTP: what the terminal can read, as exactly the person who asks, and no further."""
