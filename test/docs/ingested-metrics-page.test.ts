import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { loadConfig, modelQueries } from '../../src/config/index.js';
import { channelsOf } from '../../src/sources/prometheus/counting/channel.js';
import { TestService } from '../server/support/test-service.js';
import { valueOf } from '../support/value-of.js';
import { readExposition } from '../telemetry/ingested/read-exposition.js';
import { documentAt } from './documents.js';

const page = documentAt('docs/guides/ingested-metrics.md');

function blocksUnder(heading: string, language: string): readonly string[] {
  return page.blocks
    .filter((block) => block.heading.endsWith(heading) && block.language === language)
    .map(({ text }) => text);
}

describe('docs/guides/ingested-metrics.md', () => {
  const offering = 'Let the ingest service offer its counts';
  const [config = ''] = blocksUnder(offering, 'yaml');
  let service: TestService;
  let text = '';

  before(async () => {
    service = await TestService.start({ config: parse(config) as Readonly<Record<string, unknown>> });
    const bodies = blocksUnder(offering, 'ndjson');
    for (const [kind, body = ''] of [
      ['predictions', bodies[0]],
      ['outcomes', bodies[1]],
    ] as const) {
      const answer = await service.post(`/v1/${kind}`, body);
      assert.match(answer.text, /"refused":\[\],/, answer.text);
    }
    ({ text } = await service.request('/metrics'));
  });

  after(() => service.close());

  it('shows what the metrics are after the lines that it shows', () => {
    const [shown = ''] = blocksUnder(offering, 'text');
    const lines = shown.trim().split('\n');
    assert.ok(lines.length >= 9);
    for (const line of lines) assert.ok(text.split('\n').includes(line), line);
  });

  it('has the verdict service read series that the ingest service has, signal by signal', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-page-'));
    try {
      const file = join(folder, 'config.yaml');
      writeFileSync(file, blocksUnder('Let the verdict service read it', 'yaml')[0] ?? '');
      const loaded = valueOf(loadConfig({ file, env: {} }));
      const queries = modelQueries(loaded, 'shop', 'fraud-detector');
      assert.ok(queries);
      const { signals, version } = valueOf(queries);
      const channels = channelsOf(signals);
      assert.equal(channels.length, 8);
      const series = [...readExposition(text).values.keys()].map((key) => ({
        name: key.slice(0, key.indexOf(' ')),
        labels: new Map(JSON.parse(key.slice(key.indexOf(' ') + 1)) as [string, string][]),
      }));
      for (const { id, selection } of channels) {
        const found = series.filter(
          ({ name, labels }) =>
            selection.metrics.includes(name) &&
            labels.get(version.label) === 'v2' &&
            selection.where.every(
              ({ label, operator, value }) => operator === '=' && labels.get(label) === value,
            ),
        );
        assert.ok(found.length > 0, id);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('tells how many series a version has by default', () => {
    const cells = page.rows
      .filter(({ heading }) => heading === 'How many series there are')
      .map((row) => Number(row.cells[1]));
    const wanted = ['requests_total', 'errors_total', 'latency_seconds', 'scores'];
    const [requests = 0, errors = 0, latency = 0, scores = 0] = wanted.map(
      (name) => text.split('\n').filter((line) => line.startsWith(`ml_verdict_ingested_${name}`)).length,
    );
    const outcome = text.split('\n').filter((line) => /^ml_verdict_ingested_outcome\w*\{/.test(line)).length;
    const expected = [requests + errors, latency, scores, 1, outcome];
    assert.deepEqual(
      cells.filter((cell) => !Number.isNaN(cell)),
      expected,
    );
  });
});
