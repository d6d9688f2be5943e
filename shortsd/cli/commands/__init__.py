"""One module for each verb of `shortsctl`."""
