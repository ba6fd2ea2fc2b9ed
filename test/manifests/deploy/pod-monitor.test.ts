import assert from 'node:assert/strict';
import { z } from 'zod';
import { openEndpoint } from '../../../src/cli/controller/controller-endpoint.js';
import { createControllerMetrics } from '../../../src/telemetry/controller-metrics.js';
import { call } from '../../support/service/call.js';
import { readManifestFile } from '../manifest-files.js';
import { checkSchema } from '../schema-validator.js';
import { baseObjects } from './base-objects.js';
import { Cluster } from './cluster.js';
import { alertExpressions } from './monitoring.js';
import { readExpression } from './promql.js';

const podMonitor = z.object({
  metadata: z.object({ namespace: z.string() }),
  spec: z.object({
    jobLabel: z.string(),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()) }),
    podMetricsEndpoints: z.tuple([
      z.object({ port: z.string(), path: z.string(), honorLabels: z.literal(true) }),
    ]),
  }),
});

const [document] = readManifestFile('deploy/components/podmonitor/pod-monitor.yaml').documents;
const { metadata, spec } = podMonitor.parse(document);
const [endpoint] = spec.podMetricsEndpoints;
const [written] = readManifestFile('deploy/components/controller/deployment.yaml').documents;
const controller = new Cluster([written]).only('Deployment');
const labelsOf = ({ spec: { template } }: typeof controller) => template.metadata.labels;

const selects = (labels: Readonly<Record<string, string>>): boolean =>
  Object.entries(spec.selector.matchLabels).every(([name, value]) => labels[name] === value);

describe('deploy/components/podmonitor', () => {
  it('leaves no field unchecked', () => {
    assert.deepEqual(checkSchema(document).errors, []);
  });

  it('selects the pods of the controller, and none of the service, which has another port', () => {
    assert.equal(metadata.namespace, controller.metadata.namespace);
    assert.ok(selects(labelsOf(controller)));
    assert.ok(!selects(labelsOf(new Cluster(baseObjects()).only('Deployment'))));
  });

  it('scrapes the port that has the metrics, at their path', async () => {
    const { ports } = controller.spec.template.spec.containers[0];
    assert.ok(ports.some(({ name }) => name === endpoint.port));
    const { registry } = createControllerMetrics({ processMetrics: false });
    const served = await openEndpoint({
      host: '127.0.0.1',
      port: 0,
      metrics: async () => ({ text: await registry.metrics(), type: registry.contentType }),
      obstacle: () => undefined,
    });
    const { status, text } = await call(`http://127.0.0.1:${served.port}${endpoint.path}`);
    await served.close();
    assert.equal(status, 200);
    assert.match(text, /^ml_verdict_controller_leader 0$/m);
  });

  it('gives the job the name that the alerts reckon with', () => {
    const jobs = alertExpressions.flatMap(({ expr }) =>
      readExpression(expr).selections.flatMap(({ matchers }) => matchers.get('job') ?? []),
    );
    assert.ok(jobs.includes(labelsOf(controller)[spec.jobLabel] ?? ''));
  });
});
