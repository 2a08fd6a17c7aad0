import { openDatabase } from '../../src/store/database';
import { PostgresRunCatalog } from '../../src/store/postgres-run-catalog';
import { PostgresRunStore } from '../../src/store/postgres-run-store';
import { specWith } from '../support/specs';
import { startTestDatabase, type TestDatabase } from '../support/test-database';

describe('the store', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await startTestDatabase();
  }, 60_000);
  afterAll(() => database?.stop(), 30_000);

  const rollout = (text: string) => ({
    ...{ key: 'propose/0', prompt: text, promptTokenIds: [1] },
    completions: [{ text, tokenIds: [2], logprobs: [-0.5], finished: true, policyVersion: 0 }],
  });

  it('keeps every text that a policy may write, NUL and lone surrogates included', async () => {
    const store = new PostgresRunStore(database.db);
    await new PostgresRunCatalog(database.db).create({ id: 'r', spec: specWith(), budget: {} });
    const hostile = rollout('\u0000 \ud800 \\u0000 "\' \u{1f600}\r\n');
    await store.saveRollout('r', 1, hostile);
    expect(await store.loadRollouts('r', 1)).toEqual([hostile]);
  });

  it('tells a query that the database refuses from a database that does not answer', async () => {
    const store = new PostgresRunStore(database.db);
    const refused = store.saveRollout('no such run', 1, rollout('x'));
    await expect(refused).rejects.toMatchObject({ kind: 'internal', message: expect.stringContaining('refused') });
  });

  it('says in one line that nothing answers', async () => {
    await expect(openDatabase({ host: '/nowhere' })).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(/^the database does not answer: .*ENOENT/),
    });
  });
});
