"""The light client: HTTP over the Unix socket with the standard library."""
