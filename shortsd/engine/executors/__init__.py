"""How a claimed job is run."""
