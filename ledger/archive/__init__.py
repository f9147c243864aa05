"""Archives: a ledger as one ZIP that anyone can check with nothing but Python."""
