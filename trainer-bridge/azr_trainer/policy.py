"""A causal language model as a policy: what it thinks of response tokens."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor, nn
from torch.distributed.fsdp import FSDPModule
from torch.utils.checkpoint import checkpoint
from transformers import PreTrainedModel

from azr_trainer.compute_options import ComputeOptions
from azr_trainer.micro_batch import MicroBatch
from azr_trainer.token_scores import TokenScores, token_scores


class Policy:
    """The model, without dropout, its attention being `packed_attention`, and its output layer apart from it."""

    def __init__(self, model: PreTrainedModel, options: ComputeOptions | None = None) -> None:
        self.model = model.eval()
        self.options = options or ComputeOptions()
        self.scorer = _Scorer(model, self.options.bfloat16)
        if self.options.activation_checkpointing:
            for layer in self.layers:
                _checkpoint_activations(layer)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        device: torch.device = self.model.device
        return device

    @property
    def layers(self) -> nn.ModuleList:
        """The transformer's blocks."""
        return next(part for part in self.model.base_model.children() if isinstance(part, nn.ModuleList))

    def response_logits(self, micro: MicroBatch) -> Tensor:
        """Of what comes at each response token, temperature not applied, [n, vocabulary]: all at once."""
        return self.scorer.hidden_states(micro) @ self.scorer.head.weight.T

    def score(self, micro: MicroBatch, temperatures: Tensor | None) -> TokenScores:
        """Of each response token; `temperatures` of the batch's sequences, [S], or None where all are 1."""
        return TokenScores(*self.scorer(micro, temperatures))

    def release(self) -> None:
        """Lets go of gathered weights after passes that had no backward pass, which would do so."""
        if isinstance(self.scorer, FSDPModule):
            self.scorer.reshard()


class _Scorer(nn.Module):
    """From packed sequences to scores in one forward pass, around which FSDP can gather the output layer."""

    def __init__(self, model: PreTrainedModel, bfloat16: bool) -> None:
        super().__init__()
        self.body: nn.Module = model.base_model
        self.head: nn.Linear = model.get_output_embeddings()
        self._bfloat16 = bfloat16

    def forward(self, micro: MicroBatch, temperatures: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """The fields of TokenScores: FSDP looks for the tensors of an answer in tuples."""
        of_tokens = None if temperatures is None else temperatures[micro.owners]
        hidden = self.hidden_states(micro)
        scores = token_scores(hidden, self.head.weight.to(hidden.dtype), micro.targets, of_tokens)
        return scores.logprobs, scores.entropies, scores.raw

    def hidden_states(self, micro: MicroBatch) -> Tensor:
        """Before the output layer, of the tokens that predict a response token, [n, width]."""
        with torch.autocast(micro.input_ids.device.type, torch.bfloat16, enabled=self._bfloat16):
            states: Tensor = self.body(
                input_ids=micro.input_ids[None],
                position_ids=micro.positions[None],
                layout=micro.attention,
                use_cache=False,
            ).last_hidden_state[0]
        predicting = states[micro.predicting]
        return predicting.to(torch.bfloat16) if self._bfloat16 else predicting


def _checkpoint_activations(layer: nn.Module) -> None:
    """Wraps the layer's forward pass, and not the layer: parameters keep their names, and FSDP's hooks stay outside."""
    layer.forward = partial(checkpoint, layer.forward, use_reentrant=False, preserve_rng_state=False)
