"""Keys and values of the running sequences, preallocated: one row a sequence, live rows always 0..n-1."""

from __future__ import annotations

import torch
from torch import Tensor

from azr_policy_server.model_folder import Qwen2Config

ROW_GROUP = 8
"""Decoding runs on a multiple of this many rows. BLAS picks other kernels for very small batches, whose sums differ in
the last bit; with padding a sequence's arithmetic, and so its text, is the same alone and in company."""


def padded(rows: int) -> int:
    return -(-rows // ROW_GROUP) * ROW_GROUP


class KVCache:
    """Keys and values as [layers, rows, 2 * KV heads, max_len, head_dim]: the keys' heads first, then the values'.

    Memory is zeroed lazily by the operating system, so rows that are never reached cost nothing on a CPU; and since
    it is zero, attention over a row's unused tail is finite before the mask.
    """

    def __init__(self, config: Qwen2Config, rows: int, max_len: int, device: torch.device) -> None:
        self.max_len = max_len
        self.tokens = rows * max_len
        self._kv_heads = config.num_kv_heads
        shape = (config.num_layers, padded(rows), 2 * config.num_kv_heads, max_len, config.head_dim)
        self._data = torch.zeros(shape, device=device)
        self.layers = list(self._data)

    def write_prompt(self, layer: int, first_row: int, rows: int, kv: Tensor) -> None:
        """Stores a prompt's `kv` [tokens, 2 * KV heads, head_dim] in `rows` rows, one for each of its samples."""
        self._data[layer, first_row : first_row + rows, :, : kv.shape[0]] = kv.transpose(0, 1)

    def share(self, first_row: int, rows: int, length: int) -> None:
        """Copies the first `length` tokens of a row to those behind it, `rows` in all."""
        if rows > 1:
            self._data[:, first_row + 1 : first_row + rows, :, :length] = self._data[
                :, first_row, None, :, :length
            ]

    def append(self, layer: int, row_index: Tensor, positions: Tensor, kv: Tensor) -> None:
        """Stores one token a row: `kv` [rows, 2 * KV heads, head_dim] at `positions` [rows]."""
        self._data[layer][row_index, :, positions] = kv

    def read(self, layer: int, rows: int, length: int) -> tuple[Tensor, Tensor]:
        """Views of keys and values, each [rows, KV heads, length, head_dim]."""
        kv = self._data[layer, :rows, :, :length]
        return kv[:, : self._kv_heads], kv[:, self._kv_heads :]

    def move(self, source: int, target: int, length: int) -> None:
        self._data[:, target, :, :length] = self._data[:, source, :, :length]

    def clear(self, row: int) -> None:
        """Zeroes a row that held values which are not finite: a mask does not stop a NaN."""
        self._data[:, row] = 0
