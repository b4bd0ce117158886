"""The ledger: what every run found, who answered, and what was published then. It is only ever added to."""
