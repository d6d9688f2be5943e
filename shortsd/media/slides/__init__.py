"""Slides drawn: one design, laid out once, drawn by a browser or by Pillow."""
