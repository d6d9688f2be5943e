"""Child processes: one child from spawn to reaping, all children, and the worker that runs Python in a child."""
