"""Doing things in the browser: a form for each command class, made from what is declared beside it."""
