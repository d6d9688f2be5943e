"""`shortsctl`: asks the daemon for work and shows how far it is."""
