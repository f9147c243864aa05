"""Accounts: how people show that it is they. No facts; what a person may do is in the ledger."""
