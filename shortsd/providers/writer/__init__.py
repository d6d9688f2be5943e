"""Writers: a topic in, a story out."""
