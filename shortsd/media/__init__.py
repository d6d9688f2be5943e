"""Pictures, captions and sound as data and numbers: argv for FFmpeg, frames of a Timeline, ASS, figures of a file."""
