import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/index.js';
import { alertName, signature, type WebhookBody } from '../../src/progressive/alerts/index.js';
import { webhookBody } from '../../src/progressive/alerts/webhook/webhook-body.js';
import { alertSeverities, type AlertKind } from '../../src/progressive/machine/alert.js';
import { isCondition } from '../../src/progressive/alerts/alertmanager/ended-kinds.js';
import { parseModelRollout } from '../../src/progressive/resource/index.js';
import { targetText } from '../../src/progressive/resource/target-text.js';
import { valueOf } from '../support/value-of.js';
import { documentAt } from './documents.js';

const page = documentAt('docs/guides/alerts.md');
const kinds = Object.keys(alertSeverities) as readonly AlertKind[];

function blockOf(language: string): string {
  const block = page.blocks.find((one) => one.language === language);
  assert.ok(block, language);
  return block.text;
}

type Check = (header: string, body: string, secret: string, nowSeconds: number) => Promise<boolean> | boolean;

const nowSeconds = 1_767_607_920;
const body = JSON.stringify({ text: 'ä: 2.4 % > 1 %' });
const signed = signature(body, ['old', 'new'], nowSeconds * 1000);

/** Header, body, secret, age in seconds, and whether the receiver should believe it. */
const cases: readonly (readonly [string, string, string, string, number, boolean])[] = [
  ['by the old secret', signed, body, 'old', 0, true],
  ['by the new secret', signed, body, 'new', 0, true],
  ['by another secret', signed, body, 'other', 0, false],
  ['of another body', signed, `${body} `, 'new', 0, false],
  ['of another time', signed.replace(String(nowSeconds), String(nowSeconds + 1)), body, 'new', 0, false],
  ['that is four minutes old', signed, body, 'new', 240, true],
  ['that is ten minutes old', signed, body, 'new', 600, false],
  ['that is cut', signed.slice(0, 30), body, 'old', 0, false],
];

describe('docs/guides/alerts.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-alerts-page-'));

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('lists every kind of alert with its severity', () => {
    const told = page.rows
      .filter(({ heading, cells }) => heading === 'What is told' && cells[0] !== 'kind')
      .map(({ cells: [kind = '', severity] }) => [kind.replaceAll('`', ''), severity]);
    assert.deepEqual(told, Object.entries(alertSeverities));
  });

  it('shows what a webhook gets', () => {
    const shown = JSON.parse(blockOf('json')) as WebhookBody;
    const { rollout, model, canary, stable, target, link, verdictId, percent } = shown;
    const sent = webhookBody({
      rollout: rollout.name,
      namespace: rollout.namespace,
      uid: rollout.uid,
      model,
      canary,
      stable,
      target,
      link,
      alert: {
        key: shown.key,
        kind: 'rolling-back',
        severity: 'critical',
        text: shown.text,
        atMs: Date.parse(shown.at),
        percent,
        verdictId,
      },
    });
    assert.deepEqual(shown, sent);
    const first = documentAt('docs/guides/kserve.md').blocks.find(
      ({ heading, language }) => heading === '3. The first rollout' && language === 'yaml',
    );
    assert.equal(target, targetText(valueOf(parseModelRollout(parse(first?.text ?? '')))));
  });

  it('says how long an alert fires, and which ones last', () => {
    const url = 'http://am:9093';
    const file = join(folder, 'config.yaml');
    writeFileSync(file, `alerts: { receivers: [{ name: am, kind: alertmanager, url: '${url}' }] }`);
    const loaded = loadConfig({ file });
    assert.ok(loaded.ok);
    const [receiver] = loaded.value.alerts.receivers;
    assert.ok(receiver?.kind === 'alertmanager');
    assert.deepEqual([receiver.eventFiresForMs, receiver.conditionFiresForMs], [3_600_000, 24 * 3_600_000]);
    const lasting = /\*\*What lasts\*\* \(([^)]+)\)/.exec(page.text)?.[1] ?? '';
    assert.deepEqual(
      lasting.split(', ').map((kind) => kind.replaceAll('`', '')),
      kinds.filter(isCondition),
    );
    assert.ok(page.text.includes(`\`${alertName('rolling-back')}\``));
  });

  for (const [what, header, given, secret, age, expected] of cases) {
    it(`in Node.js takes a signature ${what}: ${expected ? 'yes' : 'no'}`, async () => {
      const file = join(folder, 'verify.mjs');
      writeFileSync(file, blockOf('js'));
      const { isFromMlVerdict } = (await import(pathToFileURL(file).href)) as {
        readonly isFromMlVerdict: Check;
      };
      assert.equal(await isFromMlVerdict(header, given, secret, nowSeconds + age), expected);
    });
  }

  // Python is no part of what the project needs: where there is none the recipe is tried elsewhere.
  if (spawnSync('python3', ['--version']).status === 0) {
    it('in Python takes the same signatures', () => {
      const file = join(folder, 'verify.py');
      const call =
        'import json, sys\n' +
        'print(json.dumps([is_from_ml_verdict(h, b.encode(), s.encode(), now) for h, b, s, now in json.load(sys.stdin)]))\n';
      writeFileSync(file, `${blockOf('python')}\n\n${call}`);
      const input = cases.map(([, header, given, secret, age]) => [header, given, secret, nowSeconds + age]);
      const run = spawnSync('python3', [file], { input: JSON.stringify(input), encoding: 'utf8' });
      assert.equal(run.stderr, '');
      assert.deepEqual(
        JSON.parse(run.stdout),
        cases.map((one) => one[5]),
      );
    });
  }
});
