import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import type { VerdictDocument } from '../../src/domain/verdict.js';
import { Child } from './support/child.js';
import { FileFolder } from './support/observation-files.js';
import { runCommand } from './support/run-command.js';

describe('serve', () => {
  const folder = new FileFolder();
  const dataDir = folder.at('data');
  let child: Child;
  let url = '';

  before(async () => {
    const config = folder.write(
      'config.yaml',
      stringify({ ledger: { dataDir }, logging: { level: 'debug' } }),
    );
    child = new Child(['serve', '--port', '0', '--config', config], { ML_VERDICT_HOST: '127.0.0.1' });
    url = (await child.waitFor(/^ml-verdict answers on (http:\/\/127\.0\.0\.1:\d+)\n/))[1] ?? '';
  });

  after(() => {
    child.kill('SIGKILL');
    folder.remove();
  });

  it('answers on the URL that it prints', async () => {
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    assert.equal((await fetch(`${url}/readyz`)).status, 200);
  });

  it('takes predictions and gives a verdict', async () => {
    const at = new Date(Date.now() - 120_000).toISOString();
    const lines = ['v1', 'v2'].map((version) => JSON.stringify({ model: 'fraud', version, at, status: 200 }));
    const taken = await fetch(`${url}/v1/predictions`, { method: 'POST', body: lines.join('\n') });
    assert.deepEqual(await taken.json(), { accepted: 2, refused: [], duplicate: false });
    const answer = await fetch(`${url}/v1/verdict?model=fraud&canary=v2&stable=v1`);
    const document = (await answer.json()) as VerdictDocument;
    assert.deepEqual([answer.status, document.verdict, document.model], [200, 'hold', 'fraud']);
  });

  it('refuses a port that is in use', async () => {
    const { port } = new URL(url);
    const { status, out, err } = await runCommand([
      'serve',
      '--port',
      port,
      '--data-dir',
      folder.at('other'),
    ]);
    assert.deepEqual([status, out], [3, '']);
    assert.match(
      err,
      new RegExp(`^ml-verdict: the service cannot listen on 127\\.0\\.0\\.1 port ${port}: .+\\n$`),
    );
  });

  it('refuses a data folder that it cannot use', async () => {
    const file = folder.write('file', 'x');
    for (const [place, reason] of [
      [file, 'it is a file, expected a folder'],
      [`${file}/data`, 'a part of the path is a file'],
    ] as const) {
      assert.deepEqual(await runCommand(['serve', '--port', '0', '--data-dir', place]), {
        status: 3,
        out: '',
        err: `ml-verdict: the data folder "${place}" cannot be used: ${reason}\n`,
      });
    }
  });

  it('refuses a config with mistakes, each with its line', async () => {
    const config = folder.write('wrong.yaml', 'server:\n  prot: 1\n  port: x\n');
    const { status, out, err } = await runCommand(['serve', '-c', config]);
    assert.deepEqual([status, out], [3, '']);
    assert.equal(err.match(/^ml-verdict: server\.\w+: .* \(line [23] of wrong\.yaml\)$/gm)?.length, 2);
  });

  it('ends with status 0 however often it is told to stop or to reload while it stops', async () => {
    const config = folder.write('nervous.yaml', stringify({ server: { drainDelay: '0s' } }));
    const other = new Child(['serve', '--port', '0', '--data-dir', folder.at('nervous'), '-c', config]);
    try {
      await other.waitFor(/answers on/);
      other.kill('SIGTERM');
      const signals = ['SIGHUP', 'SIGTERM', 'SIGINT'] as const;
      for (let times = 0; times < 3; times++) for (const name of signals) other.kill(name);
      const { status, signal, err } = await other.end();
      assert.deepEqual([status, signal], [0, null], err);
      assert.match(err, /"msg":"stopped"/);
    } finally {
      other.kill('SIGKILL');
    }
  });

  it('ends with status 0 on SIGTERM, and its log has no payload', async () => {
    child.kill('SIGTERM');
    const { status, signal, out, err } = await child.end();
    assert.deepEqual([status, signal, out], [0, null, `ml-verdict answers on ${url}\n`]);
    const logged = err
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly msg: string });
    assert.deepEqual(
      ['listening', 'stopping', 'stopped'].filter((msg) => !logged.some((line) => line.msg === msg)),
      [],
    );
    await assert.rejects(fetch(`${url}/healthz`));
  });
});
