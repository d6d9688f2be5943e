"""Stand-ins for services of other people: loopback servers that speak their wire formats, one file each."""
