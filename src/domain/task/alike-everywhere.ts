/** What the syntax tree says of a program's ways to what interpreters differ in. */
export interface Outlook {
  /** Whether nothing that it does outlives its module; it has no way to a clock then either. */
  leavesNothingBehind: boolean;
  /** Whether it may see hashes, or an order that they make, so that its value may depend on an interpreter's seed. */
  seesHashes: boolean;
  /** Whether it may make text of an address that outlives it. */
  seesAddresses: boolean;
}

/** Whether no interpreter would show the program what two loads of it in one process do not. */
export const isAlikeEverywhere = ({ leavesNothingBehind, seesHashes, seesAddresses }: Outlook): boolean =>
  leavesNothingBehind && !seesHashes && !seesAddresses;
