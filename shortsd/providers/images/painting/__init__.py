"""The built-in painter: moody scenes drawn from the words of a story, by numbers and a seed. Runs in a worker."""
