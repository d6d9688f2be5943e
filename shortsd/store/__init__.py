"""What is kept: the SQLite job store and the workspaces of artifacts."""
