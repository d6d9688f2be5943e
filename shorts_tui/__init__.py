"""`shorts-tui`: a dashboard of the daemon's jobs.

One feed (`feed.py`) keeps a model (`model.py`) of all jobs from one stream of events. State goes down: the app hands
each page what is `known.py`, and its widgets are bound to it. Requests go up: a key, a click or the palette asks for a
command (`commands/`, one class each), which the page that is looked at posts to the app (`messages.py`).
"""
