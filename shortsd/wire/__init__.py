"""What travels between daemon and clients: the JSON models, the table of errors, the SSE lines."""
