"""One module for each kind of place; each paints a canvas, `variant` choosing the composition."""
