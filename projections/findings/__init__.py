"""What an auditor may want to look at: check functions over the facts, each with its counts and its evidence (A10)."""
