import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/index.js';
import { refusalReasons } from '../../src/server/access/index.js';
import { startServer, type RunningServer } from '../../src/server/index.js';
import { openMemoryLedger, type Ledger } from '../../src/sources/index.js';
import { createLogger } from '../../src/telemetry/index.js';
import { valueOf } from '../support/value-of.js';
import { readCurl } from './curl-request.js';
import { documentAt } from './documents.js';
import { differences } from './sample.js';
import { readShell } from './shell-commands.js';

const page = documentAt('docs/guides/access.md');
const blocks = page.blocks.filter(({ heading }) => heading === 'Bind a team to its models');
const port = 'localhost:8081';

/** Each block of curl with the answer under it. */
const examples = blocks.flatMap((block, index) => {
  const answer = blocks[index + 1];
  const isExample = block.text.startsWith('curl ') && answer?.language === 'json';
  return isExample ? [{ commands: block, answer }] : [];
});

describe('docs/guides/access.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-access-page-'));
  let ledger: Ledger;
  let server: RunningServer;

  /** The service of the page: its config, and the files that it writes. */
  before(async () => {
    const config = blocks.find(({ language }) => language === 'yaml')?.text ?? '';
    const script = blocks.find(({ text }) => text.startsWith('mkdir tokens'))?.text ?? '';
    mkdirSync(join(folder, 'tokens'));
    for (const [, token = '', file = ''] of script.matchAll(/^echo (\S+) > (\S+)$/gm)) {
      writeFileSync(join(folder, file), `${token}\n`);
    }
    const file = join(folder, 'access.yaml');
    writeFileSync(file, config.replaceAll('tokens/', `${folder}/tokens/`));
    ledger = await openMemoryLedger();
    server = await startServer({
      config: valueOf(loadConfig({ file, flags: { port: 0 } })),
      ledger,
      logger: createLogger({ level: 'silent' }),
      processMetrics: false,
    });
  });

  after(async () => {
    await server.close();
    await ledger.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { commands, answer } of examples) {
    it(`line ${commands.line} is answered as shown`, async () => {
      const [command, ...more] = readShell(commands.text.replaceAll(port, 'localhost:8080'));
      assert.ok(command);
      assert.deepEqual(more, []);
      const { url, ...request } = readCurl(command, `127.0.0.1:${server.port}`);
      const response = await fetch(url, request);
      const really = (await response.json()) as Readonly<Record<string, unknown>>;
      assert.deepEqual(differences(JSON.parse(answer.text), really), []);
      assert.equal(response.status, really['status'] ?? 200);
    });
  }

  it('has such examples', () => {
    assert.equal(examples.length, 4);
  });

  it('explains every reason of a refusal, and no other', () => {
    const reasons = page.rows
      .filter(({ heading, cells }) => heading === 'When somebody is refused' && cells.length === 2)
      .map(({ cells: [reason = ''] }) => reason.replaceAll('`', ''))
      .filter((reason) => reason !== 'reason');
    assert.deepEqual(reasons, [...refusalReasons]);
  });
});
