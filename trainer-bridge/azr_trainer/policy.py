"""A causal language model as a policy: what it thinks of response tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from azr_trainer.micro_batch import MicroBatch


class Policy:
    """The model, without dropout, and its output layer apart from it.

    So the output layer is applied to response tokens only: the logits, by far the largest tensor, are [n, vocabulary].
    """

    def __init__(self, model: PreTrainedModel) -> None:
        self.model = model.eval()
        self._body: nn.Module = model.base_model
        self._head: nn.Module = model.get_output_embeddings()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.model.device
        return device

    def response_logits(self, micro: MicroBatch) -> Tensor:
        """Logits of what comes at each response token, temperature not applied, float32 [n, vocabulary]."""
        return self.logits(micro.input_ids, micro.predicting)

    def logits(self, input_ids: Tensor, places: Tensor) -> Tensor:
        """The same at `places` of the flattened `input_ids` [rows, longest]."""
        hidden: Tensor = self._body(input_ids=input_ids, use_cache=False).last_hidden_state
        logits: Tensor = self._head(hidden.flatten(0, 1)[places])
        return logits.float()


def token_logprobs(logits: Tensor, targets: Tensor) -> Tensor:
    """Log-probability in nats of each target, [n], under `logits` [n, vocabulary]."""
    return logits.gather(-1, targets[:, None]).squeeze(-1) - logits.logsumexp(-1)
