/** Measures of a program's syntax tree, none of them below 0. */
export interface ProgramMetrics {
  /** Cognitive complexity (SonarSource, 2018): breaks in the flow, each weighing its nesting. */
  cognitive: number;
  /** Cyclomatic complexity (McCabe, 1976) of the most complex function; 1 where nothing branches. */
  cyclomatic: number;
  /** Halstead's volume N·log2(n) (1977): bits. */
  volume: number;
  /** Halstead's effort: volume times difficulty. */
  effort: number;
}
