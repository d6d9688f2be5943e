"""systemd's side of a service: what it is told, the socket it hands over, the unit files and who puts them in place."""
