import { minuteMs } from '../../../sources/index.js';
import { usualInterval } from '../../../sources/prometheus/fetch/look-fetcher.js';
import { ok, warning, type CheckResult } from '../finding.js';
import { seriesOf, type ProbedModel } from '../probed-model.js';

const check = 'scrapes';

/** Scrapes miss their time by so much now and then. */
const tolerance = 1.2;

/** Whether the distance of scrapes is what the config says, and whether samples come in time. */
export function checkScrapes(model: ProbedModel): readonly CheckResult[] {
  const series = seriesOf(model, 'requests') ?? [];
  if (series.length === 0) return [];
  const measuredMs = usualInterval(series, model.versionOf);
  if (measuredMs === undefined) {
    return [
      warning(
        check,
        'there are too few samples to tell how often targets are scraped',
        'scrape every 30 s or more often; where the pods are new, check again in a few minutes',
      ),
    ];
  }
  const newestMs = series.reduce((newest, { timesMs }) => Math.max(newest, timesMs.at(-1) ?? 0), 0);
  return [checkInterval(model, measuredMs), ...checkAge(model.nowMs - newestMs, measuredMs)];
}

function checkInterval({ queries: { scrapeIntervalMs } }: ProbedModel, measuredMs: number): CheckResult {
  const measured = secondsText(measuredMs);
  const configured = secondsText(scrapeIntervalMs);
  if (measuredMs > tolerance * minuteMs) {
    return warning(
      check,
      `targets are scraped every ${measured}: looks are minutes, so that many of them show nothing and others the counts of several`,
      'scrape every 30 s or more often',
    );
  }
  if (measuredMs > tolerance * scrapeIntervalMs) {
    return warning(
      check,
      `targets are scraped every ${measured}, the config says every ${configured}: looks wait for two scrapes, as they are measured`,
      `set scrapeInterval: ${measured.replace(' ', '')}`,
    );
  }
  if (measuredMs * tolerance < scrapeIntervalMs) {
    return ok(
      check,
      `targets are scraped every ${measured}, the config says every ${configured}: looks wait longer than they need to`,
      `set scrapeInterval: ${measured.replace(' ', '')}`,
    );
  }
  return ok(check, `targets are scraped every ${measured}, as the config says`);
}

/** Samples that are old may be of targets that ended, or arrive late. */
function checkAge(ageMs: number, measuredMs: number): readonly CheckResult[] {
  if (ageMs <= 3 * measuredMs) return [];
  return [
    warning(
      check,
      `the newest sample is ${secondsText(ageMs)} old`,
      'if the pods run, samples arrive late (remote write, sidecars of Thanos), so that looks count as late, or the clock here is ahead',
    ),
  ];
}

/** Scrapes miss their time by some milliseconds. */
function secondsText(milliseconds: number): string {
  return `${Math.round(milliseconds / 1000)} s`;
}
