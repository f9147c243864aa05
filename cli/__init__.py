"""The terminal, the settings, and the one place where everything is put together."""
