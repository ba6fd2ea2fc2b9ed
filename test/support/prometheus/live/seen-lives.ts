import { defaultExposure, exposedSeries } from '../exposure.js';
import type { MetricServer, RawSeries } from '../metric-server.js';
import type { ObservedLife, SeenScrape } from '../oracle.js';
import { SampleBook, type WrittenSeries } from '../simulation/sample-book.js';
import { Tally } from '../tally.js';
import { scrapesPerLife, type LiveLife, type LivePod } from './live-pod.js';

/** The metrics of a pod that are compared; servers add some of their own. */
const compared = '__name__=~"http_request.*|model_.*|process_start_time_seconds"';

/** What a server saw of some pods. */
export interface SeenLives {
  readonly lives: readonly ObservedLife[];
  /** What the server has to have, by the journals of the pods. */
  readonly expected: readonly WrittenSeries[];
  readonly found: readonly RawSeries[];
}

/**
 * What a server saw of the pods of a plan: its samples of `exporter_scrape` name the scrapes that reached it, and the
 * journals of the pods tell what had been served by then.
 */
export async function seenLives(
  server: MetricServer,
  plan: string,
  pods: readonly LivePod[],
  span: { readonly fromMs: number; readonly toMs: number },
): Promise<SeenLives> {
  const scrapes = await server.rawSamples(`exporter_scrape{namespace="${plan}"}`, span.fromMs, span.toMs);
  const book = new SampleBook();
  const lives = pods.flatMap((pod) => {
    const own = scrapes.filter(({ labels }) => labels['instance'] === pod.instance);
    return pod.lives.flatMap((life, index) => livesOf(life, index, own, book));
  });
  return {
    lives,
    expected: book.series().filter(({ labels }) => labels['__name__'] !== 'up'),
    found: await server.rawSamples(`{namespace="${plan}",${compared}}`, span.fromMs, span.toMs),
  };
}

/** One process under each of the label sets under which it was scraped, in the order of these. */
function livesOf(
  life: LiveLife,
  index: number,
  series: readonly RawSeries[],
  book: SampleBook,
): readonly ObservedLife[] {
  const journal = new Map(life.pod.journal().map(({ scrape, tally }) => [scrape, Tally.read(tally)]));
  const segments = series
    .map(({ labels, timesMs, values }) => {
      const seen = timesMs.flatMap((timeMs, place): readonly SeenScrape[] => {
        const scrape = values[place] ?? NaN;
        if (Math.floor((scrape - 1) / scrapesPerLife) !== index) return [];
        const tally = journal.get(scrape);
        if (tally === undefined) throw new Error(`no pod knows of scrape ${scrape}`);
        book.scraped(
          JSON.stringify(labels),
          labels,
          timeMs,
          exposedSeries(tally, defaultExposure, life.startedMs),
        );
        return [{ timeMs, tally }];
      });
      return { version: labels['version'] ?? '', seen };
    })
    .filter(({ seen }) => seen.length > 0)
    .sort((left, right) => (left.seen[0]?.timeMs ?? 0) - (right.seen[0]?.timeMs ?? 0));
  return segments.map(({ version, seen }, place) => ({
    version,
    countsFromZero: place === 0 && !life.isOlder,
    carried: segments[place - 1]?.seen.at(-1)?.tally ?? life.servedBefore,
    scrapes: seen,
    served: place === segments.length - 1 ? life.pod.served : (seen.at(-1)?.tally ?? life.pod.served),
  }));
}
