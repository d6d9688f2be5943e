"""Captions: words of the voice as ASS for the picture, in a style, and as SubRip and WebVTT for players."""
