import { setTimeout as pause } from 'node:timers/promises';
import type { AlertMessage } from '../../../../src/progressive/alerts/alert-message.js';
import type { ClusterApi, ObjectReference } from '../../../../src/progressive/cluster/cluster-api.js';
import {
  startController,
  type Controller,
  type ControllerParts,
} from '../../../../src/progressive/controller/index.js';
import type { StageAnswer } from '../../../../src/progressive/driver/stage-judge.js';
import type { VerdictRequest } from '../../../../src/progressive/machine/verdict-request.js';
import { rolloutReference, type ModelRolloutStatus } from '../../../../src/progressive/resource/index.js';
import { createControllerMetrics } from '../../../../src/telemetry/index.js';
import { MemoryWatch } from '../../../support/progressive/memory-watch.js';
import { KnativePlatform } from '../../../support/progressive/platforms/knative-platform.js';
import { answer } from '../../../support/progressive/simulated-rollout.js';

/** Leases that change hands within moments. */
export const quickLease = { durationMs: 120, renewEveryMs: 20, deadlineMs: 70, retryEveryMs: 10 };

const mostSteps = 3_000;

/** One InferenceService, its ModelRollouts, and as many controllers as a test wants, by a clock that runs when it is looked at. */
export class ControllerRig {
  readonly platform = new KnativePlatform();
  readonly watch = new MemoryWatch(this.platform.cluster);
  readonly alerts: AlertMessage[] = [];
  readonly logged: string[] = [];
  answerOf: (request: VerdictRequest) => StageAnswer = (request) => ({
    kind: 'verdict',
    verdict: answer(request, 'promote'),
  });
  nowMs = Date.parse('2026-01-05T10:00:00Z');
  readonly #controllers: Controller[] = [];

  get cluster() {
    return this.platform.cluster;
  }

  /** The changes of the InferenceService, as its canary's shares: null where the field was removed. */
  get patches(): readonly unknown[] {
    const patches = this.cluster.changes.filter(({ path }) => path.includes('/inferenceservices/'));
    return patches.filter((change) => change.answer === 'ok').map(({ body }) => shareIn(body));
  }

  start(options: Partial<ControllerParts> & { readonly api?: ClusterApi } = {}, identity = 'one') {
    const metrics = createControllerMetrics({ processMetrics: false });
    const log = (fields: Readonly<Record<string, unknown>>, text: string): void => {
      this.logged.push(`${identity}: ${text} ${JSON.stringify(fields)}`);
    };
    const controller = startController({
      api: this.cluster,
      watch: this.watch,
      judge: { ask: (_, request) => Promise.resolve(this.answerOf(request)) },
      receivers: () => [
        {
          name: 'test',
          kind: 'test',
          minimumSeverity: 'info',
          deliver: (message) => {
            this.alerts.push(message);
            return Promise.resolve({ kind: 'delivered' });
          },
        },
      ],
      lease: { namespace: 'ml-verdict', identity, timings: quickLease },
      now: () => this.nowMs,
      log: { info: log, warn: log, error: log },
      metrics,
      tickMs: 2,
      chance: () => 0,
      ...options,
    });
    this.#controllers.push(controller);
    return { controller, metrics };
  }

  reference(name = 'fraud-detector'): ObjectReference {
    return rolloutReference('ml', name);
  }

  /** Somebody applies a ModelRollout. */
  apply(spec: object = {}, name = 'fraud-detector'): void {
    const quick = {
      target: this.platform.target,
      stages: [{ percent: 50 }, { percent: 100 }],
      stabilisation: 0,
      minimumAnalysis: '1m',
    };
    const object = {
      apiVersion: 'ml-verdict.io/v1alpha1',
      kind: 'ModelRollout',
      spec: { ...quick, ...spec },
    };
    const before = this.cluster.read(this.reference(name));
    this.cluster.put(this.reference(name), before === undefined ? object : { ...before, spec: object.spec });
  }

  change(spec: object, name = 'fraud-detector'): void {
    this.cluster.edit(this.reference(name), (object) => ({
      ...object,
      spec: { ...(object.spec as object), ...spec },
    }));
  }

  status(name = 'fraud-detector'): ModelRolloutStatus | undefined {
    return this.cluster.read(this.reference(name))?.status as ModelRolloutStatus | undefined;
  }

  /**
   * Lets time pass, and KServe work, until it is so.
   * @throws Error with how it stands, after far more steps than any test needs
   */
  async until(isSo: () => boolean, stepMs = 5_000): Promise<void> {
    for (let step = 0; !isSo(); step += 1) {
      if (step > mostSteps) throw new Error(`${JSON.stringify(this.status())}\n${this.logged.join('\n')}`);
      await this.pass(stepMs);
    }
  }

  async pass(stepMs = 5_000): Promise<void> {
    this.nowMs += stepMs;
    this.platform.reconcile();
    await pause(3);
  }

  untilPhase(phase: string, name?: string): Promise<void> {
    return this.until(() => this.status(name)?.phase === phase);
  }

  events(): readonly string[] {
    return this.cluster.changes
      .filter(({ path, answer: answered }) => path.endsWith('/events') && answered === 'ok')
      .map(({ body }) => (body as { readonly reason: string }).reason);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#controllers.map((controller) => controller.stop()));
  }
}

function shareIn(body: unknown): unknown {
  const operations = body as readonly {
    readonly op: string;
    readonly path: string;
    readonly value?: unknown;
  }[];
  const share = operations.findLast(
    ({ op, path }) => op !== 'test' && path.endsWith('/canaryTrafficPercent'),
  );
  return share?.value ?? null;
}
