"""The model card: the policy folder's `README.md`."""

from __future__ import annotations

from dataclasses import astuple
from math import isnan
from pathlib import Path

from .examples import Reasoned
from .measure import Figures
from .schedule import LAST_REASONED, MAIN_REASONED, Schedule

_HEAD = """# A tiny policy

A Qwen2-shaped language model of about 0.6 million parameters (width 128, 3 layers, vocabulary 426, context 512
tokens) that self-play starts from where there is no GPU. **It is pre-trained on generated programs**: no text of any
person or of any other model went into it, but it is no blank model either. It was shown programs of one to five
statements over one small integer, list or string, with their inputs and outputs, as deduction, abduction and
induction tasks and as proposals, in the text format `compact`. Of what it was shown last only one answer in seven
was reasoned, so it seldom reasons, though it is far better when it does. To find that out is left to self-play.

To reason is to carry a program out, a statement and its value at a time. For abduction it goes from the output back to
an input and checks it; for induction it tries a program on three of the pairs it is shown, side by side; after a wrong
verdict another try follows. A letter before each program names its class: `A` are programs of one statement, the other
letters longer ones by their first. It goes round the classes and leaves some out.

It knows nothing else: no English, no numbers beyond 50, no other Python.
"""

_FILES = """## Files

Weights, configuration and tokenizer load with `AutoModelForCausalLM` and `AutoTokenizer`; the
layout is what vLLM reads. The tags of the format are ordinary tokens; only `<|end|>` is special, and it ends every
completion.

- `tasks/seed.jsonl`: tasks that self-play may start from.
- `tasks/heldout.jsonl`: 300 tasks a type, of distinct programs; any prefix of a type is a fair sample.
  None of their programs occurred in pre-training, nor in `seed.jsonl`. They have two to five statements, those for
  induction two; all programs of one statement may occur in pre-training, for there are few.
"""


def write_card(folder: Path, figures: Figures, schedule: Schedule, seed: int, limit: int) -> None:
    sections = (_HEAD, _solver_table(figures, limit), _proposer_table(figures, limit), _FILES)
    (folder / "README.md").write_text("\n".join((*sections, _build(schedule, seed))))


def _solver_table(figures: Figures, limit: int) -> str:
    rows = "".join(
        f"| {kind} | {' | '.join(map(_percent, astuple(shares)))} |\n"
        for kind, shares in figures.solver.items()
    )
    return (
        f"## Measured\n\nOn up to {limit} held-out tasks a type, one answer each, at temperature 1 but for the greedy "
        "column.\nAn induction task shows three pairs and hides three.\n\n"
        "| type | solved | greedy | reasons | solved when it reasons | solved when it does not |\n"
        f"| --- | --- | --- | --- | --- | --- |\n{rows}"
    )


def _proposer_table(figures: Figures, limit: int) -> str:
    rows = "".join(
        f"| {kind} | {_percent(shares.valid)} | {_percent(shares.distinct)} |\n"
        for kind, shares in figures.proposer.items()
    )
    return (
        f"Up to {limit} proposals a type. Valid: the program runs on the input; for induction, on all of six different "
        f"inputs.\n\n| type | valid | distinct |\n| --- | --- | --- |\n{rows}"
    )


def _percent(share: float) -> str:
    return "-" if isnan(share) else f"{share:.1%}"


def _build(schedule: Schedule, seed: int) -> str:
    return f"""## How it was built

With `OUT` the folder to write to (an hour of two cores with AVX-512, more without it):

```
npm run build:policy -- --out OUT --seed {seed}
```

{schedule.copying:,} optimizer steps of copying random strings of tokens; then {schedule.main:,} with
{_shares(MAIN_REASONED)} of the answers (deduction / abduction / induction) reasoned and {schedule.last}
with {_shares(LAST_REASONED)}, the learning rate falling to 0. Muon for the matrices, AdamW for the rest. The same
seed gives the same weights on the same kind of machine.
"""


def _shares(reasoned: Reasoned) -> str:
    return " / ".join(f"{share:.0%}" for share in astuple(reasoned))
