import { join } from 'node:path';
import { AzrError } from '../../src/domain/errors';
import { ExecutorClient } from '../../src/executor/client';
import { clientCredentials, serverCredentials, type TlsFiles } from '../../src/executor/tls';
import { TestExecutor } from '../support/executor/executor';

const file = (name: string): string => join(__dirname, '../support/tls', name);
const ca = file('ca.pem');
const SERVER = { cert: file('server.pem'), key: file('server.key.pem') };
const CLIENT = { cert: file('client.pem'), key: file('client.key.pem'), ca };

/** What comes of one call. */
async function ask(address: string, tls: TlsFiles): Promise<string> {
  const client = new ExecutorClient(address, tls);
  const signal = AbortSignal.timeout(2_000);
  try {
    const [response] = await client.execute({ program: 'def f(x): return x + 1', inputs: ['1'] }, signal);
    return response!.runs[0]!.output;
  } catch (error) {
    return error instanceof AzrError ? error.kind : 'no answer';
  } finally {
    client.close();
  }
}

describe('an executor with certificates', () => {
  const start = (tls: TlsFiles): Promise<TestExecutor> =>
    TestExecutor.start({ address: 'localhost:0', credentials: serverCredentials('localhost:0', tls) });

  it('answers those who know its authority, and nobody in plain text', async () => {
    const executor = await start(SERVER);
    const { address } = executor.executor;
    expect(await ask(address, { ca })).toBe('2');
    expect(await ask(address, { ca: file('other-ca.pem') })).toBe('no answer');
    expect(await ask(address, {})).toBe('no answer');
    await executor.stop();
  }, 60_000);

  it('with an authority for clients answers those alone who have its certificate', async () => {
    const executor = await start({ ...SERVER, ca });
    const { address } = executor.executor;
    expect(await ask(address, CLIENT)).toBe('2');
    expect(await ask(address, { ca })).toBe('no answer');
    await executor.stop();
  }, 60_000);
});

describe('certificates', () => {
  it.each<[string, TlsFiles, string]>([
    ['0.0.0.0:1', {}, '0.0.0.0:1 can be reached from elsewhere: give --tls-cert and --tls-key'],
    ['127.0.0.1:1', { cert: ca }, '--tls-key is missing'],
    ['127.0.0.1:1', { key: ca }, '--tls-cert is missing'],
    ['127.0.0.1:1', { cert: ca, key: file('none.pem') }, '--tls-key: .*none.pem cannot be read'],
    ['127.0.0.1:1', { cert: file('README.md'), key: SERVER.key }, 'the certificates cannot be used'],
    ['127.0.0.1:1', { cert: SERVER.cert, key: CLIENT.key }, 'the certificates cannot be used: .*mismatch'],
  ])('of a server at %s, %j, are refused', (address, files, message) => {
    expect(() => serverCredentials(address, files)).toThrow(new RegExp(message));
  });

  it('of a client are refused without what makes them of use', () => {
    expect(() => clientCredentials({ cert: CLIENT.cert, key: CLIENT.key })).toThrow('--executor-ca is missing');
    expect(() => clientCredentials({ ca, cert: CLIENT.cert })).toThrow('--executor-key is missing');
  });

  it.each(['unix:/x', '127.0.0.1:1', 'localhost:1', '[::1]:1'])('are not needed at %s', (address) => {
    expect(() => serverCredentials(address, {})).not.toThrow();
  });
});
