"""What readers see: folds over the ledger, which can be deleted and rebuilt at will."""
