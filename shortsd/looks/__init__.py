"""The looks that ship, each a file that could be a user's: see docs/looks.md. Their names have hyphens."""
