import type { RunSpec } from '../../../src/config/run-spec';
import { PROMPT_FORMATS, type PromptFormat, type ProposerView } from '../../../src/domain/prompt';
import { Semaphore } from '../../../src/domain/semaphore';
import type { Proposal, Task } from '../../../src/domain/task/task';
import { ExecutorAdapter } from '../../../src/executor/executor-adapter';
import { ProposalValidator } from '../../../src/verifier/proposal-validator';
import type { Response } from '../../../src/verifier/read-response';
import { AnswerScorer } from '../../../src/verifier/score-answer';
import type { ExecutorProcess } from '../../support/executor/executor-process';
import { processTree } from '../../support/process-tree';
import { answered, type Part, type Round, type RoundTask } from './round';
import type { Side } from './side';

/** What a policy says before it answers. */
const THOUGHTS = 'Let me go through the program line by line, and keep the values at hand. '.repeat(24);

interface Loaded {
  of: RoundTask;
  view: ProposerView;
  proposal: Response;
  answers: Response[];
  /** Once it is validated. */
  task?: Task;
}

/** The verifier over the executor's process, from the text of a response to a verdict. */
export class OurSide implements Side {
  readonly name = 'ours';
  private readonly adapter: ExecutorAdapter;
  private readonly format: PromptFormat;
  private readonly validator: ProposalValidator;
  private readonly scorer: AnswerScorer;
  /** Tasks in flight, as a run has rollouts. */
  private readonly gate: Semaphore;
  private loaded: Loaded[] = [];

  constructor(
    private readonly executor: ExecutorProcess,
    private readonly spec: RunSpec,
  ) {
    this.adapter = new ExecutorAdapter(executor.address);
    this.format = PROMPT_FORMATS[spec.prompt.format];
    this.validator = new ProposalValidator(this.adapter, this.format, spec);
    this.scorer = new AnswerScorer(this.adapter, this.format, spec);
    this.gate = new Semaphore(spec.rollout.concurrency);
  }

  async load(round: Round): Promise<void> {
    this.loaded = round.map((of) => ({
      of,
      view: viewOf(of, this.spec),
      proposal: response(this.format.renderProposal(proposalOf(of, this.spec))),
      answers: of.answers.map(({ text }) => response(this.format.renderAnswer(of.type, text))),
    }));
  }

  async run(part: Part): Promise<number> {
    const chosen = part === 'validate' ? this.loaded : this.loaded.filter(({ of }) => answered([of], part).length > 0);
    const judge = part === 'validate' ? this.validate : this.score;
    const wrong = await Promise.all(chosen.map((it) => this.gate.run(() => judge(it))));
    return wrong.reduce((sum, one) => sum + one, 0);
  }

  /** The task that a proposal is, if it is one. */
  async admit(of: RoundTask): Promise<Task | undefined> {
    const proposal = proposalOf(of, this.spec);
    const validation = await this.gate.run(() => this.validator.validate(proposal, () => false));
    return validation.outcome === 'accepted' ? validation.task : undefined;
  }

  cpu(): Record<string, number> {
    const [supervisor, ...forkServers] = processTree(this.executor.pid);
    const { user, system } = process.cpuUsage();
    const sum = (of: (typeof forkServers)[number][], key: 'cpuMs' | 'endedCpuMs') =>
      of.reduce((total, sample) => total + sample[key], 0);
    return {
      controlPlane: (user + system) / 1000,
      supervisor: supervisor!.cpuMs,
      forkServers: sum(forkServers, 'cpuMs'),
      // Of fork servers that were replaced, too.
      programs: sum(forkServers, 'endedCpuMs') + supervisor!.endedCpuMs,
    };
  }

  close(): void {
    this.adapter.close();
  }

  private readonly validate = async (it: Loaded): Promise<number> => {
    const validation = await this.validator.validateResponse(it.view, it.proposal, () => false);
    if (validation.outcome === 'accepted') it.task = validation.task;
    return (validation.outcome === 'accepted') === it.of.accepted ? 0 : 1;
  };

  private readonly score = async ({ of, task, answers }: Loaded): Promise<number> => {
    if (task === undefined) return answers.length;
    const verdicts = await this.scorer.score(task, answers);
    return verdicts.filter(({ outcome }, i) => (outcome === 'correct') !== of.answers[i]!.right).length;
  };
}

const response = (answer: string): Response => ({ text: `${THOUGHTS}${answer}`, finished: true });

function proposalOf({ type, program, pairs, message }: RoundTask, { tasks }: RunSpec): Proposal {
  const inputs = pairs.map(({ input }) => input);
  if (type !== 'induction') return { type, program, input: inputs[0]! };
  return { type, program, inputs: inputs.slice(0, tasks.inductionInputs), message };
}

function viewOf({ type, program }: RoundTask, { tasks, executor }: RunSpec): ProposerView {
  const { banned, bannedErrorKeywords: bannedKeywords, inductionInputs: inputs } = tasks;
  const rules = { banned, bannedKeywords, timeoutSeconds: executor.timeoutMs / 1000 };
  return type === 'induction' ? { type, program, inputs, rules } : { type, references: [], rules };
}
