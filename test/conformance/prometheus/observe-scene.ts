import assert from 'node:assert/strict';
import type { Observations } from '../../../src/domain/observations.js';
import type { ObservationSource } from '../../../src/sources/observation-source.js';
import type { MetricServer } from '../../support/prometheus/metric-server.js';
import { minuteMs } from '../../support/simulation/minute-span.js';
import { canaryVersion, settleMsOf, stableVersion, usualQueries, type Scene } from './scenes/scene.js';
import { openSource, type OpenSource } from './source-under-test.js';

/** Scrapes may miss their time: a source that measures their distance waits for that as well. */
export const lateScrapesMs = 2000;

/** A source that reads a scene from a server. */
export function openScene(server: MetricServer, scene: Scene): OpenSource {
  const usual = usualQueries(scene);
  return openSource(server.url, scene.queries?.(usual) ?? usual, {
    settleMs: settleMsOf(scene),
    lookbackMs: (scene.lookbackMinutes ?? 24 * 60) * minuteMs,
  });
}

/** What the source answers as soon as a minute of the scene counts; undefined while nothing is scraped. */
export async function observeScene(
  source: ObservationSource,
  scene: Scene,
  when: { readonly zeroMs: number; readonly minutes: number; readonly isNow: boolean },
): Promise<Observations | undefined> {
  const answer = await source.observe({
    namespace: scene.id,
    model: 'fraud',
    canary: canaryVersion,
    stable: stableVersion,
    asOfMs: when.zeroMs + when.minutes * minuteMs + settleMsOf(scene) + lateScrapesMs,
    isNow: when.isNow,
  });
  if (answer.kind === 'partial' && answer.reason.startsWith('no requests of either version were scraped')) {
    return undefined;
  }
  if (answer.kind !== 'observations') assert.fail(JSON.stringify(answer));
  return answer.observations;
}
