"""shortsd: a daemon that makes narrated vertical videos and never loses work."""

__version__ = "0.1.0"
