"""The model that is served, under its name."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from azr_policy_server.text_stream import TokenNames


@dataclass(frozen=True)
class ServedModel:
    name: str
    folder: str
    tokenizer: Tokenizer
    names: TokenNames
    vocab_size: int
    max_model_len: int
    max_waiting: int
    fingerprint: str

    def card(self) -> dict[str, Any]:
        """Its entry in `/v1/models`."""
        created = int(time.time())
        permission = {
            "id": f"modelperm-{secrets.token_hex(8)}",
            "object": "model_permission",
            "created": created,
            "allow_create_engine": False,
            "allow_sampling": True,
            "allow_logprobs": True,
            "allow_search_indices": False,
            "allow_view": True,
            "allow_fine_tuning": False,
            "organization": "*",
            "group": None,
            "is_blocking": False,
        }
        return {
            "id": self.name,
            "object": "model",
            "created": created,
            "owned_by": "azr",
            "root": self.folder,
            "parent": None,
            "max_model_len": self.max_model_len,
            "permission": [permission],
        }
