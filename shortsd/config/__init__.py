"""Where things lie and what a user has set: places on disk and the TOML configuration."""
