"""Where facts are kept: appended once, in one order, hashed and provable."""
