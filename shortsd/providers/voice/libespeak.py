"""espeak-ng's C library through ctypes: text in, sound and word events out. Types and numbers are those of speak_lib.h.

The library keeps its state in globals and is not thread-safe: one lock covers every call.
"""

import ctypes
import functools
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import espeakng_loader  # type: ignore[import-untyped]  # the wheel ships no types

from shortsd.domain.errors import Internal

RATE = 22050
"""Samples a second of every espeak-ng voice that is not MBROLA's (those are not in the wheel)."""

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000  # espeakINITIALIZE_DONT_EXIT: report missing data files, do not call exit()
_POS_CHARACTER = 1
_CHARS_UTF8 = 1
_EVENT_END_OF_LIST = 0
_EVENT_WORD = 1
_PARAMETERS = {"rate": 1, "volume": 2, "pitch": 3, "range": 4}


class _EventId(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _EventId),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_loading = threading.Lock()
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class InstalledVoice:
    """A voice, or a variant of voices, as the library lists it."""

    name: str
    languages: tuple[tuple[int, str], ...]
    """Priority (low is better) and language tag, the voice's own first."""
    identifier: str
    """Its file below `espeak-ng-data/voices` or `lang`."""


@dataclass(frozen=True, slots=True)
class WordEvent:
    """A word began: its place in the text (characters) and in the sound (samples)."""

    position: int
    length: int
    sample: int


@dataclass(slots=True)
class Sound:
    """What the library made: signed 16-bit mono samples at `RATE`, in native byte order."""

    pcm: bytearray = field(default_factory=bytearray)
    words: list[WordEvent] = field(default_factory=list)
    cut: bool = False
    """Whether `enough` ended it before its end."""


class Espeak:
    """The library, initialised. Get it from `espeak()`: there is one in a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        path, data = espeakng_loader.get_library_path(), espeakng_loader.get_data_path()
        try:
            self._library = _declared(ctypes.CDLL(path))
        except OSError as exc:
            raise Internal(f"espeak-ng cannot be loaded from {path}: {exc}.", "Reinstall espeakng-loader.") from exc
        if self._library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, 0, str(data).encode(), _DONT_EXIT) != RATE:
            raise Internal(f"espeak-ng cannot use its data in {data}.", "Reinstall espeakng-loader.")
        self.version: str = self._library.espeak_Info(None).decode()

    def voices(self) -> list[InstalledVoice]:
        """The voices, one or more to a language."""
        return self._list(None)

    def variants(self) -> list[InstalledVoice]:
        """The variants: timbres that any voice can take."""
        tag = ctypes.create_string_buffer(b"variant")
        return self._list(ctypes.byref(_Voice(languages=ctypes.addressof(tag))))

    def synthesise(self, text: str, voice: str, parameters: dict[str, int], enough: Callable[[Sound], bool]) -> Sound:
        """Speak `text` by a voice that exists ("identifier" or "identifier+variant"); blocks.

        `parameters` are rate (words a minute), volume, pitch and range (0 to 100). `enough` is asked every 60 ms of
        sound whether to end. Raises Internal if the library refuses.
        """
        sound, data = Sound(), text.encode() + b"\0"
        heard = _Callback(functools.partial(_hear, sound, enough))
        with self._lock:
            self._set(voice, parameters)
            self._library.espeak_SetSynthCallback(heard)
            status = self._library.espeak_Synth(data, len(data), 0, _POS_CHARACTER, 0, _CHARS_UTF8, None, None)
        if status != 0:
            raise Internal(f"espeak-ng could not speak (its status is {status}).")
        return sound

    def _set(self, voice: str, parameters: dict[str, int]) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()) != 0:
            raise Internal(f"espeak-ng does not take its own voice {voice}.")
        for name, value in parameters.items():
            self._library.espeak_SetParameter(_PARAMETERS[name], value, 0)

    def _list(self, like: Any) -> list[InstalledVoice]:
        found = []
        with self._lock:
            for pointer in self._library.espeak_ListVoices(like):
                if not pointer:
                    break
                voice = pointer.contents
                tags = tuple(_languages(voice.languages))
                found.append(InstalledVoice(voice.name.decode(), tags, voice.identifier.decode()))
        return found


def espeak() -> Espeak:
    """The one library of this process, loaded when first asked for (about 10 ms). Raises Internal."""
    with _loading:
        return _loaded()


@functools.cache
def _loaded() -> Espeak:
    """To be called by one thread at a time: two that come first would both load it, and to do that fails or crashes."""
    return Espeak()


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    """The library with the signatures of speak_lib.h."""
    number, pointer, text = ctypes.c_int, ctypes.c_void_p, ctypes.c_char_p
    library.espeak_Initialize.argtypes = (number, number, text, number)
    library.espeak_Info.argtypes = (pointer,)
    library.espeak_Info.restype = text
    library.espeak_SetSynthCallback.argtypes = (_Callback,)
    library.espeak_SetSynthCallback.restype = None
    library.espeak_Synth.argtypes = (
        text,
        ctypes.c_size_t,
        ctypes.c_uint,
        number,
        ctypes.c_uint,
        ctypes.c_uint,
        pointer,
        pointer,
    )
    library.espeak_SetVoiceByName.argtypes = (text,)
    library.espeak_SetParameter.argtypes = (number, number, number)
    library.espeak_ListVoices.argtypes = (pointer,)
    library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
    return library


def _hear(sound: Sound, enough: Callable[[Sound], bool], wave: int | None, samples: int, events: Any) -> int:
    """Keep a piece of sound and its word events; 1 asks the library to stop (t_espeak_callback)."""
    if wave and samples > 0:
        sound.pcm += ctypes.string_at(wave, 2 * samples)
    for event in events:
        if event.type == _EVENT_END_OF_LIST:
            break
        if event.type == _EVENT_WORD:
            sound.words.append(WordEvent(event.text_position - 1, event.length, event.sample))
    sound.cut = sound.cut or enough(sound)
    return int(sound.cut)


def _languages(address: int) -> list[tuple[int, str]]:
    """Pairs of a priority byte and a zero-ended tag, up to a priority of zero."""
    found = []
    while priority := ctypes.string_at(address, 1)[0]:
        tag = ctypes.string_at(address + 1)
        found.append((priority, tag.decode()))
        address += len(tag) + 2
    return found
