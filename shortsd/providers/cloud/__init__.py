"""Tasks of ours that run elsewhere."""
