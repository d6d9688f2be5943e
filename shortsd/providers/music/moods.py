"""What each mood sounds like, as data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mood:
    """Harmony and colour of a pad; notes are semitones above the root."""

    root_hz: float
    chords: tuple[tuple[int, ...], ...]
    brightness: float
    """How slowly harmonics fall off: the n-th has the amplitude 1 / n ** (2.4 - brightness)."""
    wind: float
    """Level of the wind against the chords."""
    bells: tuple[int, ...]
    """Notes of the bells."""


MOODS = {
    "eerie": Mood(  # Aeolian that leans on the flat second
        110.0, ((0, 7, 12, 15, 26), (0, 8, 12, 15, 20), (1, 8, 13, 17, 20), (0, 7, 14, 15, 22)), 0.6, 0.5, (24, 27, 31)
    ),
    "melancholy": Mood(  # Aeolian: i, VI, iv, III
        130.81,
        ((0, 7, 15, 19, 22), (8, 15, 19, 24, 27), (5, 12, 17, 20, 24), (3, 10, 15, 19, 22)),
        0.7,
        0.3,
        (31, 34, 36),
    ),
    "dread": Mood(  # Locrian, close and low
        87.31, ((0, 7, 12, 13, 19), (0, 6, 12, 15, 18), (1, 8, 13, 16, 20), (0, 6, 11, 12, 18)), 0.35, 0.8, (24, 30)
    ),
    "wonder": Mood(  # Lydian: I, II, IV without its root, I
        146.83,
        ((0, 7, 14, 16, 23), (2, 9, 14, 18, 21), (5, 9, 12, 16, 21), (0, 7, 12, 18, 23)),
        0.9,
        0.25,
        (28, 31, 35, 40),
    ),
}
"""By name; roots are A2, C3, F2 and D3."""
