"""One module for each kind of place; each paints a canvas, `variant` counting how often the short was there before."""
