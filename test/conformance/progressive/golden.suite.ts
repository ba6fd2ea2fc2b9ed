/** Every patch of every target, sent to a real API server: what it got is what is written down, and it did what it should. */
import assert from 'node:assert/strict';
import { openCluster, type OpenCluster } from '../../../src/progressive/cluster/open-cluster.js';
import { kserve } from '../../../src/progressive/targets/kserve/index.js';
import { inferenceServiceReference } from '../../../src/progressive/targets/kserve/inference-service.js';
import { restoreOldModel } from '../../../src/progressive/targets/index.js';
import { seldonDeployment } from '../../../src/progressive/targets/seldon-deployment/index.js';
import { seldonExperiment } from '../../../src/progressive/targets/seldon-experiment/index.js';
import { keepLogs } from '../../support/prometheus/keep-logs.js';
import { until } from '../../support/until.js';
import { inferenceService } from './rig/inference-services.js';
import { ModelCluster } from './rig/model-cluster.js';
import { vendorFolder, type SeldonDefinitions } from './rig/seldon-files.js';
import { FakeGateway } from './standard/fake-gateway.js';
import { assertDone, DrivenTarget } from './targets/driven-target.js';
import { assertGolden } from './targets/golden-wire.js';

/** Building all programs, where that has not been done before. */
const buildMs = 3_000_000;
const namespace = 'ml';
const name = 'fraud-detector';
const uri = (version: number) => `gs://models/fraud/v${version}`;

/** Our own definitions of Seldon's kinds always, and the vendor's where they are at hand. */
const definitions: readonly SeldonDefinitions[] = vendorFolder() === undefined ? ['own'] : ['own', 'vendor'];

for (const seldon of definitions)
  describe(`the patches on the wire, with ${seldon} definitions of Seldon's kinds`, function () {
    this.timeout(60_000);
    let cluster: ModelCluster | undefined;
    let opened: OpenCluster | undefined;
    keepLogs(() => cluster?.processes ?? []);

    const start = async () => {
      cluster = await ModelCluster.start({ seldon });
      await cluster.createNamespace(namespace);
      const result = await openCluster({ file: cluster.kubeconfig, env: {}, now: Date.now });
      assert.ok(result.ok);
      opened = result.value;
    };

    before(async function () {
      this.timeout(buildMs);
      await start();
    });
    after(async () => {
      opened?.close();
      await cluster?.stop();
    });

    const parts = () => {
      assert.ok(cluster !== undefined && opened !== undefined);
      const { audit } = cluster;
      const before = audit.patchesIn(namespace).length;
      return {
        cluster,
        context: { api: opened.api, namespace },
        /** The changes since then. */
        sent: () => audit.patchesIn(namespace).slice(before),
      };
    };

    /** Through the stages, with a rollback in the midst of them; the places of the four changes that are written down. */
    const journey = async (driven: DrivenTarget, first: () => Promise<void>, kind: string) => {
      const { sent } = parts();
      await first();
      for (const percent of [10, 25]) {
        assertDone(await driven.shift(percent));
        await driven.untilConfirmed(percent);
      }
      assertGolden(sent().at(-1), kind, 'from 10 % to 25 %');
      assertDone(await driven.rollBack());
      await driven.untilConfirmed(0);
      assertGolden(sent().at(-1), kind, 'roll back');
      assertDone(await driven.shift(50));
      await driven.untilConfirmed(50);
      assertDone(await driven.promote());
      assertGolden(sent().at(-1), kind, 'promote from 50 %');
      return sent();
    };

    const carrying = (driven: DrivenTarget) => async () => {
      assertDone(await driven.bring(5));
      await driven.untilConfirmed(5);
    };

    if (seldon === 'own') {
      it('are those of KServe in Knative mode', async () => {
        const { cluster: real, context } = parts();
        await real.services.create(namespace, name, uri(1));
        const driven = new DrivenTarget(kserve.create({ name, newModel: { storageUri: uri(2) } }, context));
        const [first] = await journey(driven, carrying(driven), 'kserve-knative');
        assertGolden(first, 'kserve-knative', 'the new model with its first 5 %');
        await driven.untilIt(({ stable, canary }) => stable === `${name}-predictor-00002` && canary === null);
        await real.services.delete(namespace, name);
      });

      it('are those of putting the old model back, and the bad one gets nothing meanwhile', async () => {
        const { cluster: real, context, sent } = parts();
        await until(
          async () =>
            (await real.api.statusOf(
              `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices/${name}`,
            )) === 404,
        );
        // Nobody clears up here what belonged to the one before.
        await real.api.ask(
          `/apis/serving.knative.dev/v1/namespaces/${namespace}/services/${name}-predictor`,
          {
            method: 'DELETE',
          },
        );
        await real.services.create(namespace, name, uri(1));
        const driven = new DrivenTarget(kserve.create({ name, newModel: { storageUri: uri(2) } }, context));
        assertDone(await driven.bring(25));
        await driven.untilConfirmed(25);
        assertDone(await driven.rollBack());
        await driven.untilConfirmed(0);
        await real.services.waitFor(
          namespace,
          name,
          ({ percents }) => percents.get(`${name}-predictor-00002`) === 0,
          { withinMs: 20_000, what: 'without a share' },
        );
        const bad = new Set<number>();
        const end = real.services.onChange((service) => {
          if (service.namespace === namespace) bad.add(service.percents.get(`${name}-predictor-00002`) ?? 0);
        });
        real.knative.behave(namespace, { readyAfterMs: 1000 });
        const reference = inferenceServiceReference(namespace, name);
        const result = await restoreOldModel(context.api, reference, { storageUri: uri(1) }, { pollMs: 100 });
        end();
        real.knative.behave(namespace, {});
        assert.deepEqual(result, { kind: 'done' });
        assert.deepEqual([...bad], [0]);
        const kind = 'kserve-knative restoring the old model';
        assertGolden(sent().at(-2), kind, 0);
        assertGolden(sent().at(-1), kind, 1);
      });

      it('are those of KServe in Standard mode, where the routes follow', async () => {
        const { cluster: real, context } = parts();
        await real.services.delete(namespace, name);
        await until(() =>
          real.api
            .statusOf(`/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices/${name}`)
            .then((status) => status === 404),
        );
        const gateway = await FakeGateway.start(real.api, namespace);
        try {
          await real.api.ask(`/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices`, {
            method: 'POST',
            body: {
              ...inferenceService(namespace, name, uri(1)),
              metadata: { name, annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
            },
          });
          const driven = new DrivenTarget(
            kserve.create({ name, newModel: { storageUri: uri(2) }, canary: 'v2' }, context),
          );
          await until(async () => (await driven.target.observe()).kind === 'observed');
          const [first] = await journey(driven, carrying(driven), 'kserve-standard');
          assert.ok(first?.body?.includes('/spec/canary'));
          await driven.untilIt(({ stable }) => stable === `${name}-v2-predictor`);
        } finally {
          gateway.stop();
        }
      });
    }

    it('are those of a SeldonDeployment, whose shadow is left alone', async () => {
      const { cluster: real, context } = parts();
      const predictor = (predictorName: string, version: number) => ({
        name: predictorName,
        replicas: 1,
        graph: { name: 'classifier', implementation: 'SKLEARN_SERVER', modelUri: uri(version) },
      });
      await real.apply([
        {
          apiVersion: 'machinelearning.seldon.io/v1',
          kind: 'SeldonDeployment',
          metadata: { namespace, name },
          spec: {
            predictors: [
              { ...predictor('main', 1), traffic: 100 },
              { ...predictor('mirrored', 3), shadow: true },
            ],
          },
        },
      ]);
      const driven = new DrivenTarget(
        seldonDeployment.create(
          { name, stable: 'main', canary: 'canary', newPredictor: predictor('canary', 2) },
          context,
        ),
      );
      await until(async () => (await driven.target.observe()).kind === 'observed');
      const kind = 'seldon-deployment-istio';
      const [first] = await journey(driven, carrying(driven), kind);
      assertGolden(first, kind, 'the new model with its first 5 %');
      const { observedPercent } = await driven.untilIt((state) => state.observedPercent === 100);
      assert.equal(observedPercent, 100);
    });

    it('are those of an Experiment', async () => {
      const { cluster: real, context } = parts();
      await real.apply([
        {
          apiVersion: 'mlops.seldon.io/v1alpha1',
          kind: 'Experiment',
          metadata: { namespace, name: 'fraud' },
          spec: {
            default: 'fraud-v1',
            candidates: [
              { name: 'fraud-v1', weight: 95 },
              { name: 'fraud-v2', weight: 5 },
            ],
            mirror: { name: 'fraud-v3', percent: 20 },
          },
        },
      ]);
      const driven = new DrivenTarget(
        seldonExperiment.create({ name: 'fraud', stable: 'fraud-v1', canary: 'fraud-v2' }, context),
      );
      await journey(
        driven,
        async () => {
          await driven.untilConfirmed(5);
        },
        'seldon-experiment',
      );
      await driven.untilConfirmed(100);
    });
  });
