"""Publishers: a finished short in, its public place out."""
