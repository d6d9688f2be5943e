"""Videos elsewhere: listings, subtitles and sound by yt-dlp, speech by faster-whisper; all of it in child processes."""
