"""Publishing to a YouTube channel: who is signed in, what is said of a video, its bytes, its quota."""
