import { AzrError } from '../domain/errors';
import type { RunRecord } from '../runs/ports';
import { namedRun } from './named-run';

/** A catalog with runs of these ids, newest first. */
function catalogOf(...ids: string[]) {
  const records = ids.map((id) => ({ id }) as RunRecord);
  const missing = (id: string) => new AzrError('not_found', `there is no run "${id}"`);
  return {
    get: async (id: string) => records.find((record) => record.id === id) ?? Promise.reject(missing(id)),
    latest: () => Promise.resolve(records[0]),
    list: ({ size }: { size: number }) =>
      Promise.resolve({ runs: records.slice(0, size), ...(records.length > size && { next: 'more' }) }),
  };
}

describe('a run that is named', () => {
  it('is found by its id, and the newest as latest', async () => {
    expect(await namedRun(catalogOf('b', 'a'), 'a')).toEqual({ id: 'a' });
    expect(await namedRun(catalogOf('b', 'a'), 'latest')).toEqual({ id: 'b' });
  });

  it.each([
    [['b', 'a'], 'there is no run "x" in this home; its runs, newest first, are b, a; latest names the first of them'],
    [['6', '5', '4', '3', '2', '1'], 'there is no run "x" in this home; its runs, newest first, are 6, 5, 4, 3, 2, …;'],
    [[], 'there is no run "x" in this home; it holds none yet; azr train makes one'],
  ])('and is not there gets an error that says which are: %j', async (ids, message) => {
    await expect(namedRun(catalogOf(...ids), 'x')).rejects.toThrow(message);
  });

  it('latest, where there is none, says so', async () => {
    await expect(namedRun(catalogOf(), 'latest')).rejects.toThrow('this home holds no runs yet; azr train makes one');
  });

  it('but cannot be looked for keeps the error of the store', async () => {
    const gone = new AzrError('unavailable', 'the database does not answer');
    const catalog = { ...catalogOf('a'), get: () => Promise.reject(gone) };
    await expect(namedRun(catalog, 'a')).rejects.toBe(gone);
  });
});
