import { ROLES, TASK_TYPES } from '../domain/task/task';
import type { Chart, Series } from './charts/chart';

/** One curve: the metric that it shows, and how. */
export type Curve = Pick<Series, 'label' | 'tone'> & { metric: string };

/** A chart before it has data. */
export interface ChartSpec extends Pick<Chart, 'title' | 'axis' | 'meaning' | 'unit' | 'scale' | 'exact'> {
  /** Curves of metrics; one layer for each metric of a family, stacked; or the evaluations. */
  shows: { curves: readonly Curve[] } | { family: string } | 'held-out';
  /** Left out where all of it is 0. */
  unlessZero?: boolean;
}

/** Charts that tell of one thing together. */
export interface SectionSpec {
  title: string;
  intro: string;
  charts: readonly ChartSpec[];
}

/** One curve for each task type. */
const types = (metric: string): ChartSpec['shows'] => ({
  curves: TASK_TYPES.map((type) => ({ metric: `${metric}/${type}`, label: type, tone: type })),
});

const one = (metric: string, label: string, tone = 'plain'): ChartSpec['shows'] => ({
  curves: [{ metric, label, tone }],
});

const LEARNING: readonly ChartSpec[] = [
  {
    title: 'Held-out solve rate',
    axis: 'share of samples solved',
    meaning: 'On tasks that training never sees, with 95% Wilson intervals.',
    ...{ unit: 'share', scale: 'unit interval', exact: true, shows: 'held-out' },
  },
  {
    title: 'Solve rate on proposed tasks',
    axis: 'share of samples solved',
    meaning: 'The tasks change with the policy that proposes them: no measure of progress by itself.',
    ...{ unit: 'share', scale: 'unit interval', shows: types('solveRate') },
  },
  {
    title: 'Response length',
    axis: 'mean tokens a response',
    meaning: 'Answers grow as the policy learns to reason before it answers.',
    ...{ unit: 'number', scale: 'from zero' },
    shows: { curves: ROLES.map((role) => ({ metric: `responseTokens/${role}/mean`, label: role, tone: role })) },
  },
  {
    title: 'Answers that reason',
    axis: 'share of answers',
    meaning: 'Those with something in their think block, of the first sample of each new task.',
    ...{ unit: 'share', scale: 'unit interval', shows: types('reasonedShare') },
  },
  {
    title: 'Solver reward',
    axis: 'mean reward',
    meaning: 'Of all answers of a step, malformed ones included.',
    ...{ unit: 'number', shows: types('reward/solver') },
  },
  {
    title: 'Proposer reward',
    axis: 'mean reward',
    meaning: 'It falls as tasks become too easy, and where proposals are rejected.',
    ...{ unit: 'number', shows: types('reward/proposer') },
  },
];

const PROPOSALS: readonly ChartSpec[] = [
  {
    title: 'Valid proposals',
    axis: 'share of proposals',
    meaning: 'Those that passed every check and became tasks.',
    ...{ unit: 'share', scale: 'unit interval', shows: types('proposals/validShare') },
  },
  {
    title: 'Rejected proposals by reason',
    axis: 'proposals a step',
    meaning: 'Why the others did not become tasks.',
    ...{ unit: 'number', scale: 'from zero', shows: { family: 'rejections' } },
  },
  {
    title: 'Learnable tasks',
    axis: 'share of valid tasks',
    meaning: 'Those that some but not all samples solved: 0 < solve rate < 1.',
    ...{ unit: 'share', scale: 'unit interval', shows: types('proposals/learnableShare') },
  },
  {
    title: 'Distinct programs',
    axis: 'share of programs',
    meaning: 'Programs that stand neither in the buffer nor earlier in their step. Proposals that collapse show here.',
    ...{ unit: 'share', scale: 'unit interval', shows: one('programs/newShare', 'new programs', 'proposer') },
  },
  {
    title: 'Program length',
    axis: 'mean statements a program',
    meaning: 'Of the programs that entered the buffer. Function heads and a bare return are not counted.',
    ...{ unit: 'number', scale: 'from zero', shows: one('programs/statements', 'statements', 'proposer') },
  },
  {
    title: 'Kinds of statements',
    axis: 'mean statements a program',
    meaning: 'What the programs are made of, read off their lines.',
    ...{ unit: 'number', scale: 'from zero', shows: { family: 'statements' } },
  },
  {
    title: 'Outputs',
    axis: 'valid tasks a step',
    meaning: 'The type of what the tasks of a step return; for error tasks the exception.',
    ...{ unit: 'number', scale: 'from zero', shows: { family: 'outputTypes' } },
  },
  {
    title: 'Task buffer',
    axis: 'tasks',
    meaning: 'Proposers are shown tasks out of it. The oldest leave when it is full.',
    ...{ unit: 'number', scale: 'from zero', exact: true, shows: one('buffer/size', 'tasks') },
  },
];

const UPDATE: readonly ChartSpec[] = [
  {
    title: 'Entropy',
    axis: 'nats a token',
    meaning: 'How undecided the policy is. Near zero it explores no more.',
    ...{ unit: 'number', scale: 'from zero', shows: one('update/entropy', 'entropy') },
  },
  {
    title: 'Mismatch of rollout and trainer',
    axis: '|Δp| of a sampled token, log scale',
    meaning: 'How far the probabilities of the policy server and of the trainer are apart.',
    ...{ unit: 'number', scale: 'log' },
    shows: {
      curves: [
        { metric: 'update/mismatchMax', label: 'largest', tone: 'high' },
        { metric: 'update/mismatchMean', label: 'mean', tone: 'plain' },
      ],
    },
  },
  {
    title: 'Gradient norm',
    axis: 'L2 norm before clipping',
    meaning: 'Spikes tell of unstable updates.',
    ...{ unit: 'number', scale: 'from zero', shows: one('update/gradientNorm', 'gradient norm') },
  },
  {
    title: 'Clipped tokens',
    axis: 'share of response tokens',
    meaning: 'Tokens whose gradient was cut off because their probability had moved far enough, or masked.',
    ...{ unit: 'share', scale: 'from zero', unlessZero: true },
    shows: {
      curves: [
        { metric: 'update/clipFractionHigh', label: 'upper bound', tone: 'high' },
        { metric: 'update/clipFractionLow', label: 'lower bound', tone: 'plain' },
        { metric: 'update/maskedShare', label: 'masked for mismatch', tone: 'proposer' },
      ],
    },
  },
  {
    title: 'KL divergence',
    axis: 'nats a token',
    meaning: 'How far updates move the policy, and how far it is from the reference policy where there is one.',
    ...{ unit: 'number', unlessZero: true },
    shows: {
      curves: [
        { metric: 'update/klUpdate', label: 'of the update', tone: 'plain' },
        { metric: 'update/klReference', label: 'to the reference', tone: 'high' },
      ],
    },
  },
];

const TIME: readonly ChartSpec[] = [
  {
    title: 'Time by part of a step',
    axis: 'seconds a step',
    meaning: 'Wall clock. Parts do not overlap; verdicts are made during the rollout.',
    ...{ unit: 'seconds', scale: 'from zero', shows: { family: 'seconds' } },
  },
  {
    title: 'Rollout throughput',
    axis: 'tokens a second',
    meaning: 'Generated tokens over the time of the rollout, verdicts included.',
    ...{ unit: 'number', scale: 'from zero', shows: one('tokens/perSecond', 'tokens/s') },
  },
  {
    title: 'Training throughput',
    axis: 'tokens a second',
    meaning: 'Tokens of the batch, prompts included, over the time of the update.',
    ...{ unit: 'number', scale: 'from zero', shows: one('update/tokensPerSecond', 'tokens/s') },
  },
];

/** The charts of a report, in the order in which they are shown. */
export const CATALOGUE: readonly SectionSpec[] = [
  {
    title: 'Learning',
    intro: 'Held-out tasks alone say whether the policy became better; the rest says how.',
    charts: LEARNING,
  },
  {
    title: 'What is proposed',
    intro: 'Self-play lives on proposals that are valid, new, and neither too easy nor too hard.',
    charts: PROPOSALS,
  },
  { title: 'The update', intro: 'Whether the optimisation is sound.', charts: UPDATE },
  { title: 'Time', intro: 'Where a step spends its time.', charts: TIME },
];
