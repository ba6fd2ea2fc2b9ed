import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { register } from 'prom-client';
import { readBuildInfo } from '../../src/telemetry/build-info.js';
import { createMetrics } from '../../src/telemetry/metrics.js';
import { metricsReference } from '../../src/telemetry/reference.js';

describe('createMetrics', () => {
  it('uses a registry of its own, never the global one', () => {
    const one = createMetrics({ processMetrics: false });
    const other = createMetrics({ processMetrics: false });
    assert.notEqual(one.registry, other.registry);
    assert.deepEqual(register.getMetricsAsArray(), []);
  });

  it('names the version that is running', async () => {
    const text = await createMetrics({ processMetrics: false }).registry.metrics();
    assert.ok(
      text.includes(
        `ml_verdict_build_info{version="${readBuildInfo().version}",node="${process.versions.node}"} 1`,
      ),
    );
  });

  it('adds the metrics of the process where they are wanted', async () => {
    const names = async (processMetrics: boolean) =>
      (await createMetrics({ processMetrics }).registry.getMetricsAsJSON()).map(({ name }) => name);
    assert.ok((await names(true)).includes('process_resident_memory_bytes'));
    assert.ok((await names(false)).every((name) => name.startsWith('ml_verdict_')));
  });

  it('says what every metric means', () => {
    for (const { name, help } of createMetrics({ processMetrics: false }).registry.getMetricsAsArray()) {
      assert.match(help, /^[A-Z].*\.$/, name);
    }
  });
});

describe('the metrics reference', () => {
  const text = metricsReference(createMetrics({ processMetrics: true }));

  it('is the committed one', () => {
    const committed = readFileSync(new URL('../../docs/reference/metrics.md', import.meta.url), 'utf8');
    assert.equal(committed, text, 'run "npm run generate"');
  });

  it('names everything that is exported', async () => {
    const exported = await createMetrics({ processMetrics: true }).registry.getMetricsAsJSON();
    assert.ok(exported.length > 40);
    for (const { name } of exported) assert.ok(text.includes(`\`${name}\``), name);
  });
});
