"""Turns token ids into text as they arrive, and finds stop strings in it."""

from __future__ import annotations

from collections.abc import Sequence as SequenceOf

from tokenizers import Tokenizer
from tokenizers.decoders import DecodeStream

_INCOMPLETE = "\ufffd"
_LONGEST_CHARACTER = 4  # bytes of one character in UTF-8, and so tokens at most


class TextStream:
    """The text of one sequence. Bytes that do not yet make a character are held back, for ever if none follows."""

    def __init__(self, tokenizer: Tokenizer, skip_special_tokens: bool) -> None:
        self.text = ""
        self._tokenizer = tokenizer
        self._skip_special_tokens = skip_special_tokens
        self._stream = DecodeStream(skip_special_tokens=skip_special_tokens)

    def push(self, token_id: int) -> int:
        """Appends a token; how many characters the text grew by."""
        try:
            piece = self._stream.step(self._tokenizer, token_id)
        except (
            Exception
        ):  # the decoder raises a bare Exception when later bytes change text it has already given out
            self._stream = DecodeStream(skip_special_tokens=self._skip_special_tokens)
            piece = self._stream.step(self._tokenizer, token_id)
        if not piece:
            return 0
        self.text += piece
        return len(piece)

    def cut_at_stop(self, stop: SequenceOf[str], grown: int, include: bool) -> str | None:
        """The first of `stop` that the last `grown` characters complete; the text then ends before it, or behind it."""
        for candidate in stop:
            start = self.text.find(candidate, max(0, len(self.text) - grown - len(candidate) + 1))
            if start >= 0:
                self.text = self.text[: start + len(candidate) if include else start]
                return candidate
        return None


class TokenNames:
    """Each token's own text, for log-probability reports: special tokens by name, incomplete bytes as nothing."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._known: dict[int, str] = {}

    def name(self, token_id: int) -> str:
        known = self._known.get(token_id)
        if known is None:
            known = self._known[token_id] = self._tokenizer.decode([token_id], skip_special_tokens=False)
        return known

    def after(self, ids: SequenceOf[int], end: int, token_id: int) -> str:
        """The token's name behind `ids[:end]`: the one that completes a character carries the whole of it."""
        name = self.name(token_id)
        if not name.endswith(_INCOMPLETE):
            return name
        for start in range(end - 1, max(-1, end - _LONGEST_CHARACTER), -1):
            before = list(ids[start:end])
            text = self._tokenizer.decode([*before, token_id], skip_special_tokens=False)
            if not text.endswith(_INCOMPLETE):
                held_back = self._tokenizer.decode(before, skip_special_tokens=False)
                return text[len(held_back.rstrip(_INCOMPLETE)) :]
        return ""
