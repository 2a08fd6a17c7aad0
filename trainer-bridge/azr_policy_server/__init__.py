"""A rollout server for small policies: vLLM's HTTP dialect over a Qwen2-shaped model.

It is a process of its own. Weights reach it at start from a model folder, and afterwards only by the
four-phase weight transfer (`weight_transfer`), exactly as they reach a vLLM server.
"""

from __future__ import annotations

__version__ = "0.1.0"
