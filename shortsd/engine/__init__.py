"""Order and time: which job runs, what happens when one fails, what a restart finds."""
