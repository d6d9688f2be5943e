"""Who does the work behind a port: one folder per port, one file per service."""
