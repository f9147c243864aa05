"""The forms of requirements §5, one function each: from a source, or blank where there is none."""
