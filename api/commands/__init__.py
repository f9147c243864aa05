"""Commands over HTTP: a route for each command class, made from what is declared beside it."""
