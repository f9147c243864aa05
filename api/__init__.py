"""HTTP: what programs and pages ask for. Receives its collaborators, constructs nothing."""
