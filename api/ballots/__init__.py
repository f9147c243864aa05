"""Voting over HTTP, apart from everything that writes down who asked for what and when (design §3, V1 to V3)."""
