"""Voices: a sentence in, sound and word times out."""
