import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processMemory, processorSeconds } from '../../../support/service/process-figures.js';
import { FastClock } from '../../../support/service/fast-clock.js';
import { until } from '../../../support/until.js';
import { Controllers } from '../driving/controllers.js';
import { ModelRollouts } from '../driving/model-rollouts.js';
import { controllerAccount } from '../driving/shipped-access.js';
import type { ModelCluster } from '../rig/model-cluster.js';
import { makeManyRollouts, nameOf } from './many-rollouts.js';
import { PatientJudge } from './patient-judge.js';

/** What a controller costs while so many rollouts are in the midst of a stage. */
export interface Load {
  readonly rollouts: number;
  /** Resident memory, in bytes. */
  readonly memory: number;
  /** Processor time in a minute, in seconds. */
  readonly processorSeconds: number;
  /** What the API server was asked in a minute, without the lease. */
  readonly callsPerMinute: number;
  /** The same by verb and resource. */
  readonly calls: ReadonlyMap<string, number>;
  /** Questions to the judge in a minute. */
  readonly questionsPerMinute: number;
}

export interface LoadOptions {
  readonly cluster: ModelCluster;
  readonly rollouts: number;
  /** How much faster than in reality time passes. */
  readonly factor: number;
  /** For how long it is measured, by the fast clock. */
  readonly minutes: number;
}

/** Lets one controller drive so many rollouts until all are being judged, and then counts for some minutes. */
export async function measureLoad({ cluster, rollouts, factor, minutes }: LoadOptions): Promise<Load> {
  const namespace = `load-${rollouts}`;
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-load-'));
  writeFileSync(join(folder, 'token'), 'not asked for');
  const judge = await PatientJudge.start();
  const clock = new FastClock({ factor, fromMs: Date.now() });
  const controllers = new Controllers({
    cluster,
    clock,
    service: { url: judge.url, tokenFile: join(folder, 'token') },
    folder,
    config: {},
  });
  const states = await ModelRollouts.start(cluster.api);
  try {
    await cluster.createNamespace(namespace);
    await makeManyRollouts(cluster.api, namespace, rollouts);
    const { process } = await controllers.start({
      name: namespace,
      namespaces: [namespace],
      leaseNamespace: controllerAccount.namespace,
    });
    const isJudged = (index: number) => {
      const state = states.now(namespace, nameOf(index));
      return state?.phase === 'analysing' && state.lastVerdict?.verdict === 'hold';
    };
    await until(() => Array.from({ length: rollouts }, (_, index) => index).every(isJudged));
    const before = cluster.audit.requests().length;
    const askedBefore = judge.asked;
    const processorBefore = processorSeconds(process.pid);
    await pause(clock.realMs(minutes * 60_000));
    const asked = cluster.audit.requests().slice(before);
    const own = asked.filter(({ agent, resource }) => agent === 'ml-verdict' && resource !== 'leases');
    const calls = new Map<string, number>();
    for (const { verb, resource, subresource } of own) {
      const key = `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`}`;
      calls.set(key, (calls.get(key) ?? 0) + 1 / minutes);
    }
    return {
      rollouts,
      memory: processMemory(process.pid).now,
      processorSeconds: (processorSeconds(process.pid) - processorBefore) / minutes,
      callsPerMinute: own.length / minutes,
      calls,
      questionsPerMinute: (judge.asked - askedBefore) / minutes,
    };
  } finally {
    await controllers.stop();
    states.stop();
    judge.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
