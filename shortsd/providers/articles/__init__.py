"""Articles: the text of pages elsewhere."""
