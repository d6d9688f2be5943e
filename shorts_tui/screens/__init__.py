"""Pages, one for each thing to look at, and the questions that commands ask."""
