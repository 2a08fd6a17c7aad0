"""Items on their way: as many to a call as the contract lets, and small enough for one message."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from google.protobuf.message import Message

from azr_verifier.results import ItemError

MOST_ITEMS = 10_000
MOST_BYTES = 16 << 20
"""Of the items of one call; a larger item has a call of its own."""
LARGEST_ITEM = 63 << 20

Item = TypeVar("Item")


@dataclass
class Batch(Generic[Item]):
    """The items of one call, by their index among all, and those that cannot be sent."""

    messages: dict[int, Message] = field(default_factory=dict)
    errors: dict[int, ItemError] = field(default_factory=dict)
    size: int = 0

    def has_room_for(self, size: int) -> bool:
        """Whether an item of so many bytes goes with the others."""
        return len(self.messages) < MOST_ITEMS and (not self.messages or self.size + size <= MOST_BYTES)


def batches(items: Iterable[Item], encode: Callable[[Item], Message]) -> Iterator[Batch[Item]]:
    """The items in order; no further one is taken while nobody asks for the next batch."""
    batch: Batch[Item] = Batch()
    for index, item in enumerate(items):
        try:
            message = encode(item)
        except UnicodeEncodeError as error:
            batch.errors[index] = ItemError("text", error.object[:200], "it has no half of a surrogate pair")
            continue
        size = message.ByteSize()
        if size > LARGEST_ITEM:
            batch.errors[index] = ItemError("item", f"{size} bytes", f"it has at most {LARGEST_ITEM}")
            continue
        if not batch.has_room_for(size):
            yield batch
            batch = Batch()
        batch.messages[index] = message
        batch.size += size
    if batch.messages or batch.errors:
        yield batch
