"""The benchmark: our ledger beside the bare engine and its peers, on one machine, in one run."""
