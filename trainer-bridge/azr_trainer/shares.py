"""Which rank trains on which sequences."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from azr_trainer.batch import Sequences
from azr_trainer.micro_batch import Indices

# Sequences of one prompt stay together, for their prompt is computed once, but in pieces of at most this part of what
# a rank has on average: no rank has more than a quarter above the average, or one sequence.
PIECE = 0.25


def rank_of_each(sequences: Sequences, steps: list[Indices], count: int) -> Indices:
    """The rank of each sequence, [S]; the tokens of each of the `steps` are balanced over `count` ranks.

    Sequences without a response are not computed, and weigh nothing. The greatest piece goes to the rank that has
    least (R. L. Graham, 1969).
    """
    ranks = np.zeros(len(sequences), np.int64)
    if count == 1:
        return ranks
    tokens = np.where(sequences.response_lengths > 0, sequences.lengths, 0).astype(np.int64)
    prompts = _prompts(sequences)
    for chosen in steps:
        loads = np.zeros(count, np.int64)
        pieces = _pieces(chosen, tokens, prompts, PIECE * int(tokens[chosen].sum()) / count)
        for piece in sorted(pieces, key=lambda piece: -int(tokens[piece].sum())):
            least = int(loads.argmin())
            ranks[piece] = least
            loads[least] += tokens[piece].sum()
    return ranks


def _pieces(chosen: Indices, tokens: Indices, prompts: list[bytes], most: float) -> list[list[int]]:
    pieces: list[list[int]] = []
    for _, alike in groupby(sorted(chosen.tolist(), key=prompts.__getitem__), prompts.__getitem__):
        piece: list[int] = []
        size = 0
        for index in alike:
            if piece and size + tokens[index] > most:
                pieces.append(piece)
                piece, size = [], 0
            piece.append(index)
            size += tokens[index]
        pieces.append(piece)
    return pieces


def _prompts(sequences: Sequences) -> list[bytes]:
    starts = np.cumsum(sequences.lengths, dtype=np.int64) - sequences.lengths
    ends = starts + sequences.prompt_lengths
    return [sequences.token_ids[start:end].tobytes() for start, end in zip(starts, ends, strict=True)]
