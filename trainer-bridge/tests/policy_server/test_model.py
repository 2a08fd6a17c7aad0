"""The forward pass against transformers' on the same weights, through prefill, decoding and sampling."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from transformers import Qwen2ForCausalLM

from azr_policy_server.model_folder import read_config
from azr_policy_server.qwen2 import Qwen2
from azr_policy_server.qwen2_weights import load_weights
from azr_policy_server.runner import ModelRunner
from azr_policy_server.sampling import SamplingParams
from azr_policy_server.sequence import Generation
from tests.policy_server.tiny_policy import VOCABULARY

CPU = torch.device("cpu")
TOLERANCE = 1e-4


def params(seed: int, temperature: float = 1.0, top_p: float = 1.0, logprobs: int = 0) -> SamplingParams:
    return SamplingParams(64, temperature, top_p, seed, (), frozenset(), True, False, True, logprobs)


class Decoder:
    """Generates a batch to the end, without the engine around it."""

    def __init__(self, folder: Path) -> None:
        config = read_config(folder)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        model = Qwen2(config, load_weights(folder, config, CPU), 512, CPU)
        self._runner = ModelRunner(model, rows=32, max_len=512)

    @torch.inference_mode()
    def run(self, work: list[tuple[list[int], list[SamplingParams]]], tokens: int) -> list[Generation]:
        generations = [Generation("x", prompt, p, self._tokenizer, 0.0) for prompt, p in work]
        running = [s for g in generations for s in g.sequences]
        first_row = 0
        for g in generations:
            for sequence, token in zip(
                g.sequences, self._runner.prefill([g.sequences], first_row), strict=True
            ):
                sequence.append(token, frozenset())
            first_row += len(g.sequences)
        for _ in range(tokens - 1):
            for sequence, token in zip(running, self._runner.decode(running), strict=True):
                sequence.append(token, frozenset())
        return generations


def prompts(count: int, seed: int = 0) -> list[list[int]]:
    rng = random.Random(seed)
    return [
        [rng.randrange(1, VOCABULARY) for _ in range(rng.choice((1, 2, 3, 7, 40, 100)))] for _ in range(count)
    ]


@pytest.mark.parametrize("folder", ["policy", "untied_policy"])
@torch.inference_mode()
def test_logprobs_are_those_of_transformers(folder: str, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue(folder)
    reference = Qwen2ForCausalLM.from_pretrained(path).eval()
    kinds = [params(1), params(2, temperature=0.0, logprobs=5), params(3, temperature=0.7, top_p=0.9)]
    work = [(prompt, [kinds[i % 3], params(i, temperature=1.3)]) for i, prompt in enumerate(prompts(9))]
    for generation in Decoder(path).run(work, tokens=48):
        for sequence in generation.sequences:
            ids = [t.token_id for t in sequence.tokens]
            logits = reference(torch.tensor([generation.prompt + ids])).logits[
                0, len(generation.prompt) - 1 : -1
            ]
            expected = logits.log_softmax(-1)
            own = torch.tensor([t.logprob for t in sequence.tokens])
            assert (expected.gather(-1, torch.tensor(ids)[:, None])[:, 0] - own).abs().max() <= TOLERANCE
            if sequence.params.temperature == 0.0:
                assert ids == logits.argmax(-1).tolist()
                top = expected.topk(5).values
                mine = torch.tensor([[lp for _, lp in t.top] for t in sequence.tokens])
                assert (top - mine).abs().max() <= TOLERANCE


def test_a_sequence_is_the_same_alone_and_in_company(policy: Path) -> None:
    decoder = Decoder(policy)
    work = [
        (prompt, [params(i, temperature=(0.0, 1.0)[i % 2])]) for i, prompt in enumerate(prompts(27, seed=5))
    ]
    together = decoder.run(work, tokens=40)
    for one, company in zip(work, together, strict=True):
        alone = decoder.run([one], tokens=40)[0]
        # Exactly: the arithmetic itself does not depend on the neighbours.
        assert alone.sequences[0].tokens == company.sequences[0].tokens


def test_a_continued_sequence_goes_on_as_it_would_have(policy: Path) -> None:
    decoder, prompt = Decoder(policy), prompts(1)[0]
    whole = [t.token_id for t in decoder.run([(prompt, [params(9)])], tokens=30)[0].sequences[0].tokens]
    rest = decoder.run([(prompt + whole[:12], [params(9)])], tokens=18)[0].sequences[0].tokens
    assert [t.token_id for t in rest] == whole[12:]
