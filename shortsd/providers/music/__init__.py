"""Music: a length in, a track out."""
