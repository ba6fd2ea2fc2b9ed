import assert from 'node:assert/strict';
import { stringify } from 'yaml';
import { z } from 'zod';
import { readDrivenFiles } from '../../manifests/manifest-files.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { modelRolloutFile } from './driving/shipped-access.js';
import { ModelCluster } from './rig/model-cluster.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;

const kindOf = z.looseObject({ kind: z.string() });

/** Whose real definitions are there, wherever this runs. */
const known: readonly string[] = ['InferenceService', 'ModelRollout'];

describe('the shipped canaries and the real API server', function () {
  this.timeout(60_000);
  let cluster: ModelCluster | undefined;
  keepLogs(() => cluster?.processes ?? []);

  before(async function () {
    this.timeout(buildMs);
    cluster = await ModelCluster.start({ files: [modelRolloutFile] });
    await cluster.createNamespace('shipped');
  });
  after(() => cluster?.stop());

  const dryRun = async (object: object) => {
    assert.ok(cluster !== undefined);
    const args = ['apply', '--dry-run=server', '--validate=strict', '-n', 'shipped', '-f', '-'];
    return cluster.tryKubectl(args, { input: stringify(object) });
  };

  for (const { path, documents } of readDrivenFiles()) {
    it(`${path} is accepted as it is, with no field that is not known`, async () => {
      const objects = documents
        .map((document) => kindOf.parse(document))
        .filter(({ kind }) => known.includes(kind));
      assert.ok(objects.length > 0);
      for (const object of objects) {
        const { status, stdout, stderr } = await dryRun(object);
        assert.equal(status, 0, stderr);
        assert.match(stdout, /created \(server dry run\)/);
      }
    });
  }

  it('a stage that is mistyped is refused', async () => {
    const [rollout] = readDrivenFiles()
      .flatMap(({ documents }) => documents.map((document) => kindOf.parse(document)))
      .filter(({ kind }) => kind === 'ModelRollout');
    const stages = [{ percent: 25 }, { percent: 10 }, { percent: 100 }];
    const { status, stderr } = await dryRun({
      ...rollout,
      spec: { ...(rollout?.['spec'] as object), stages },
    });
    assert.notEqual(status, 0);
    assert.match(stderr, /ascending percentages/);
  });
});
