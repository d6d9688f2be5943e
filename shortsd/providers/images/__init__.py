"""Pictures: scenes in, picture files out."""
