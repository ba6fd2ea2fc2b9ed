import assert from 'node:assert/strict';
import { checkOnline } from '../../../../src/cli/online/check-online.js';
import type { Finding } from '../../../../src/cli/online/finding.js';
import type { ComparedVersions } from '../../../../src/sources/prometheus/signals/versions.js';
import { WrittenConfig } from '../../../config/support/written-config.js';
import type { ScrapedSeries } from '../../../sources/prometheus/support/simulated-server.js';
import { nowMs, soundEntry } from './scraped-model.js';
import { ServedSeries } from './served-series.js';

/** How series are checked. */
export interface SeriesCheck {
  /** Over the sound entry; a null member is left out. */
  readonly entry?: Readonly<Record<string, unknown>>;
  readonly compared?: ComparedVersions;
  readonly policies?: Readonly<Record<string, unknown>>;
  /** Changes the server before it is asked. */
  readonly change?: (served: ServedSeries) => void;
}

/** What is found where a server has these series of the model `shop/fraud`. */
export async function checkSeries(
  series: readonly ScrapedSeries[],
  { entry = {}, compared, policies = {}, change }: SeriesCheck = {},
): Promise<readonly Finding[]> {
  const served = await ServedSeries.start(series);
  change?.(served);
  const written = new WrittenConfig();
  try {
    const members = Object.entries<unknown>({ ...soundEntry, ...entry }).filter(
      ([, value]) => value !== null,
    );
    const config = written.load({
      prometheus: { servers: { main: { url: served.url, scrapeInterval: '15s' } } },
      models: {
        fraud: {
          prometheus: Object.fromEntries(members),
          ...('own' in policies ? { policy: 'own' } : {}),
        },
      },
      policies,
    });
    const model = { namespace: 'shop', model: 'fraud', ...(compared === undefined ? {} : { compared }) };
    const report = await checkOnline(config, { models: [model], allServers: true, timeoutMs: 10_000, nowMs });
    assert.equal(
      report.usable,
      report.findings.every(({ level }) => level !== 'error'),
    );
    assert.ok(
      report.findings.every(
        ({ level, found, fix }) => found !== '' && (level === 'ok' || (fix ?? '') !== ''),
      ),
      'whatever is wrong comes with its fix',
    );
    return report.findings;
  } finally {
    written.remove();
    await served.stop();
  }
}

/** The findings of one check as `level: found`. */
export function told(findings: readonly Finding[], check: string): readonly string[] {
  return findings
    .filter((finding) => finding.check === check)
    .map(({ level, found, fix }) => `${level}: ${found}${fix === undefined ? '' : ` | ${fix}`}`);
}

/** What is not as it should be, by check. */
export function wrong(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ level }) => level !== 'ok')
    .map(({ level, check, found }) => `${level} ${check}: ${found}`);
}
