import { backfill } from '../../support/prometheus/backfill/backfill.js';
import type { MetricServer, MetricServerKind } from '../../support/prometheus/metric-server.js';
import {
  simulateCluster,
  type SimulatedCluster,
} from '../../support/prometheus/simulation/simulate-cluster.js';
import { startServer } from '../../support/prometheus/start-servers.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { scenes } from './scenes/index.js';
import { clusterOf, type Scene } from './scenes/scene.js';

export const serverKinds: readonly MetricServerKind[] = ['prometheus', 'victoria-metrics'];

/** The start of the canary's first minute in every scene: the longest has ended by now. */
export const sceneZeroMs = (Math.floor(Date.now() / minuteMs) - 60) * minuteMs;

const played = new Map(scenes.map((scene) => [scene.id, simulateCluster(clusterOf(scene), sceneZeroMs)]));

/** What happened in a scene. */
export function playedScene(scene: Scene): SimulatedCluster {
  const cluster = played.get(scene.id);
  if (cluster === undefined) throw new Error(`no scene ${scene.id}`);
  return cluster;
}

/** The scenes that a server can hold. */
export function scenesFor(kind: MetricServerKind): readonly Scene[] {
  return scenes.filter(({ servers = serverKinds }) => servers.includes(kind));
}

const started = new Map<MetricServerKind, Promise<MetricServer>>();

/** A server in which all scenes are; the suites of one run share it. */
export function sceneServer(kind: MetricServerKind): Promise<MetricServer> {
  const server = started.get(kind) ?? startLoaded(kind);
  started.set(kind, server);
  return server;
}

async function startLoaded(kind: MetricServerKind): Promise<MetricServer> {
  const server = await startServer(kind);
  await backfill(
    server,
    scenesFor(kind).flatMap((scene) => playedScene(scene).series),
  );
  return server;
}

after(async () => {
  for (const server of started.values()) await (await server).stop();
});
