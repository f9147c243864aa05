"""Pages for people: templates, static files and words, and the routes that show them (docs/pages.md)."""
