"""A causal language model as a policy: what it thinks of response tokens."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import PreTrainedModel

from azr_trainer.micro_batch import MicroBatch
from azr_trainer.token_scores import TokenScores, token_scores


class Policy:
    """The model, without dropout, its attention being `packed_attention`, and its output layer apart from it."""

    def __init__(self, model: PreTrainedModel) -> None:
        self.model = model.eval()
        self._body: nn.Module = model.base_model
        self._head: nn.Linear = model.get_output_embeddings()

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.model.device
        return device

    def response_logits(self, micro: MicroBatch) -> Tensor:
        """Of what comes at each response token, temperature not applied, [n, vocabulary]: all at once."""
        return self.hidden_states(micro) @ self._head.weight.T

    def score(self, micro: MicroBatch, temperatures: Tensor | None) -> TokenScores:
        """Of each response token; `temperatures` of the batch's sequences, [S], or None where all are 1."""
        of_tokens = None if temperatures is None else temperatures[micro.owners]
        return token_scores(self.hidden_states(micro), self._head.weight, micro.targets, of_tokens)

    def hidden_states(self, micro: MicroBatch) -> Tensor:
        """Before the output layer, of the tokens that predict a response token, [n, width]."""
        states: Tensor = self._body(
            input_ids=micro.input_ids[None],
            position_ids=micro.positions[None],
            layout=micro.attention,
            use_cache=False,
        ).last_hidden_state[0]
        return states[micro.predicting]
