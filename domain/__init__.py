"""What facts mean: commands, events, deciders and rules, on the standard library alone."""
