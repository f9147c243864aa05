"""What queries answer, as records that JSON is made of: the same for the terminal's `--json` and for HTTP."""
