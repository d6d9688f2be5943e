"""The daemon's HTTP API over a Unix socket."""
