"""The tokenizer: 256 bytes, numbers to 99 and frequent pieces of programs, each a single token.

The model underneath knows bytes only and has no merges. The pieces are added tokens, which are cut out of the text
first, at each place the longest that fits; what is left falls apart into bytes. So every text has tokens and comes
back byte for byte. Pieces in the model's own vocabulary would need a pre-tokenizer of ours to find them, and for
Qwen2 models `transformers` 5 puts its own pre-tokenizer in place of the one in `tokenizer.json`.
"""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers.convert_slow_tokenizer import bytes_to_unicode

from .compact import END, TAGS

_STATEMENT_STARTS = (
    "x=", "x=x+", "x=x-", "x=x*", "x=x//", "x=x%", "x=-x", "x=abs(x)", "x=[x,x+", "x=list(range(x))",
    "x=sorted(x)", "x=x[::-1]", "x=x[1:]", "x=x[:-1]", "x=x[:", "x=x[0]", "x=x[-1]", "x=x+x", "x=x+[", "x=[",
    "x=[v+", "x=[v-", "x=[v*", "x=[v%", "x=[v for v in x if v>", "x=[v for v in x if v<", "x=len(x)", "x=sum(x)",
    "x=max(x)", "x=min(x)", "x=x+'", "x='", "x=''.join(sorted(x))", "x=x.replace('", "x=x.count('",
    "if x>", "if x<", "if x%", "if len(x)>", "if len(x)<", "if '", "for i in range(", "return x",
)  # fmt: skip
_BODIES = ("x=x+", "x=x-", "x=x*", "x=x//", "x=x[1:]", "x=x[:-1]", "x=x[::-1]", "x=x+[", "x=x+'")
_LOOP_BODIES = ("x=x+", "x=x-", "x=x*", "x=x+i", "x=x+[i]", "x=x+'")
_INNER = (" for v in x]", "]+x", "'+x", "-x", "==0", "' in x", "','", "')", ", ")

PIECES: tuple[str, ...] = (
    "def f(x):",
    *(f"\n {start}" for start in _STATEMENT_STARTS),
    *(f":\n  {body}" for body in _BODIES),
    *(f"):\n  {body}" for body in _LOOP_BODIES),
    *_INNER,
    *(str(number) for number in range(10, 100)),
)


def build_tokenizer() -> Tokenizer:
    """Bytes are tokens 0 to 255, then come the pieces, the tags and last `<|end|>`."""
    letters = {letter: index for index, letter in enumerate(bytes_to_unicode().values())}
    tokenizer = Tokenizer(models.BPE(vocab=letters, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.decoder = decoders.ByteLevel()
    # Tags are part of what the control plane parses: were they special, servers would leave them out of the text.
    tokenizer.add_tokens([AddedToken(text, special=False, normalized=False) for text in (*PIECES, *TAGS)])
    tokenizer.add_special_tokens([AddedToken(END, special=True, normalized=False)])
    return tokenizer


def token_id(tokenizer: Tokenizer, token: str) -> int:
    """KeyError when the vocabulary has no such token."""
    found = tokenizer.token_to_id(token)
    if found is None:
        raise KeyError(token)
    return found


def piece_ids(tokenizer: Tokenizer) -> list[int]:
    """The tokens of `PIECES`: those between the bytes and the tags."""
    return list(range(256, token_id(tokenizer, TAGS[0])))


def save_tokenizer(tokenizer: Tokenizer, folder: Path, max_length: int) -> None:
    """Writes `tokenizer.json` and `tokenizer_config.json`; `max_length` in tokens."""
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": None,
        "eos_token": END,
        "pad_token": END,
        "unk_token": None,
        "clean_up_tokenization_spaces": False,
        "model_max_length": max_length,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
