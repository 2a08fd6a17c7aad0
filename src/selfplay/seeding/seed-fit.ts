import type { RunSpec } from '../../config/run-spec';
import { solverView, type PromptFormat } from '../../domain/prompt';
import type { Task } from '../../domain/task/task';
import type { RolloutPool } from '../ports';
import { proposerView } from '../propose';

/** Tokens for a byte of a program above which its tokenizer spells it out; tokenizers of code stay below a half. */
const SPELLED_OUT = 0.6;

/** Whether a task can be put to the policy: as a solver's task, and as a proposer's reference. */
export class SeedFit {
  constructor(
    private readonly spec: RunSpec,
    private readonly format: PromptFormat,
    private readonly pool: RolloutPool,
  ) {}

  async fits(task: Task): Promise<boolean> {
    const prompts = [this.format.renderSolver(solverView(task))];
    if (task.type !== 'induction') prompts.push(this.format.renderProposer(proposerView(task.type, [task], this.spec)));
    const measures = await Promise.all(prompts.map((prompt) => this.pool.measure(prompt)));
    return measures.every(({ tokens, contextTokens }) => tokens <= this.longestPrompt(contextTokens));
  }

  /** Whether the policy's tokenizer has hardly a token for the program but those of single bytes. */
  async isSpelledOut({ program }: Task): Promise<boolean> {
    const { tokens } = await this.pool.measure(program);
    return tokens > SPELLED_OUT * Buffer.byteLength(program);
  }

  private longestPrompt(contextTokens: number): number {
    const { maxTokens, maxPromptTokens } = this.spec.rollout;
    const room = contextTokens - maxTokens;
    return maxPromptTokens > 0 ? Math.min(room, maxPromptTokens) : room;
  }
}
