"""Logs of any length: where their lines begin, which of them somebody looks for, and whence they come."""
