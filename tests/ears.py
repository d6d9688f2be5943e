"""A model of Whisper's shape that hears the same sentence in whatever is said; a real one has weights nobody has here.

Its layers add nothing, so that a token depends on nothing but how many there are before it: the position n has the
embedding of the n-th of what it says next, alone along one axis.
"""

from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs.whisper_spec import WhisperSpec
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

HEARD = "A bell rang."
WIDTH = 64
END, FIRST = "<|endoftext|>", ["<|en|>", ""]
"""What comes after the first token is what detects the language; the second one is said to it."""
SAID = ["<|0.00|>", "ĠA", "Ġbell", "Ġrang", ".", "<|2.00|>", END]
LANGUAGES = ["<|en|>", "<|de|>", "<|fr|>"]
TASKS = ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
TIMES = [f"<|{at / 50:.2f}|>" for at in range(1501)]


def make(folder: Path) -> Path:
    """Write such a model, as faster-whisper takes one."""
    folder.mkdir()
    words = sorted({*pre_tokenizers.ByteLevel.alphabet(), *SAID[1:5], ""})  # with an empty one it knows languages
    special = [END, "<|startoftranscript|>", *LANGUAGES, *[f"<|{task}|>" for task in TASKS], *TIMES]
    names = [*words, *special]
    tokens = Tokenizer(models.BPE({word: at for at, word in enumerate(names)}, []))
    tokens.decoder = decoders.ByteLevel()
    tokens.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokens.add_special_tokens([AddedToken(token, special=True) for token in special])
    tokens.save(str(folder / "tokenizer.json"))
    spec = _spec(names)
    spec.register_vocabulary(names)
    spec.config.suppress_ids = spec.config.suppress_ids_begin = []
    spec.config.lang_ids = [names.index(language) for language in LANGUAGES]
    spec.config.alignment_heads = [[0, 0]]
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    return folder


def _spec(names: list[str]) -> WhisperSpec:
    spec = WhisperSpec(1, 1, 1, 1)
    embeddings, positions = _zeros(len(names), WIDTH), _zeros(448, WIDTH)
    for at, token in enumerate([*FIRST, *SAID]):
        positions[at, at] = 100
        if token:
            embeddings[names.index(token), at] = 10
    heard, said = spec.encoder, spec.decoder
    for convolution, before in ((heard.conv1, 80), (heard.conv2, WIDTH)):
        convolution.weight, convolution.bias = _zeros(WIDTH, before, 3), _zeros(WIDTH)
    heard.position_encodings.encodings, said.position_encodings.encodings = _zeros(1500, WIDTH), positions
    said.embeddings.weight = said.projection.weight = embeddings
    said.scale_embeddings = False
    for half in (heard, said):
        _norm(half.layer_norm)
        for layer in half.layer:
            _attention(layer.self_attention, 3, 1)
            _linear(layer.ffn.linear_0, 4, 1)
            _linear(layer.ffn.linear_1, 1, 4)
            _norm(layer.ffn.layer_norm)
    _attention(said.layer[0].attention, 1, 2, 1)
    return spec


def _attention(part: Any, *outs: int) -> None:
    _norm(part.layer_norm)
    for linear, out in zip(part.linear, outs, strict=True):
        _linear(linear, out, 1)


def _norm(part: Any) -> None:
    part.gamma, part.beta = np.ones(WIDTH, np.float32), _zeros(WIDTH)


def _linear(part: Any, out: int, into: int) -> None:
    part.weight, part.bias = _zeros(out * WIDTH, into * WIDTH), _zeros(out * WIDTH)


def _zeros(*shape: int) -> Any:
    return np.zeros(shape, np.float32)
