"""What things are: jobs and their moves, stories, timelines, events, ports, errors. Standard library only."""
