"""Slides: a text or an article as a lecture, a script that people can edit, and what is drawn of it."""
