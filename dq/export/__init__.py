"""Rules written out for other tools that a service may already run."""
