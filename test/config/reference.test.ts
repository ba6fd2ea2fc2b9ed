import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { configReference } from '../../src/config/reference.js';

describe('the config reference', () => {
  const text = configReference();

  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../docs/reference/config.md', import.meta.url), 'utf8');
    assert.equal(committed, text, 'run "npm run generate"');
  });

  it('has every setting of the sections with a default and a meaning', () => {
    const rows = text
      .split('\n')
      .filter((line) => /^\| `(server|limits|ledger|ingest|looks|logging)\./.test(line));
    assert.ok(rows.length >= 19, `${rows.length} rows`);
    // Certificate and key have no default: without both there is no TLS.
    for (const row of rows)
      assert.match(row, /^\| `(?:server\.tls\.\w+` \| |[\w.]+` \| `[^`]+`) \| \S.*\. \|$/);
  });

  it('has a meaning for every setting of a receiver of alerts, in its own words', () => {
    const rows = text.split('\n').filter((line) => line.startsWith('| `alerts.receivers[].'));
    assert.ok(rows.length >= 15, `${rows.length} rows`);
    for (const row of rows) {
      assert.match(row, /^\| `[^`]+` \|.*\| \S.*\. \|$/);
      assert.doesNotMatch(row, /query|Scope-OrgID/);
    }
  });

  it('has the settings of every kind of guardrail', () => {
    for (const part of [
      '### error-rate',
      '### latency-quantile',
      '| `betterWhen` | `higher` |',
      '| `bins` | `10` |',
    ]) {
      assert.ok(text.includes(part), part);
    }
  });
});
