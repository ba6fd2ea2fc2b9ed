import { channelsOf, type Channel } from '../../sources/prometheus/counting/channel.js';
import { selectorText } from '../../sources/prometheus/signals/selector.js';
import type { Matcher } from '../../sources/prometheus/signals/signal.js';
import { AskFailure, type Asking } from './asking.js';
import { checkOfChannel } from './check-names.js';
import { error, type CheckResult } from './finding.js';
import type { ProbedChannel, ProbedModel } from './probed-model.js';

/** What was read of a model, and what could not be. */
export interface Probe {
  readonly channels: readonly ProbedChannel[];
  readonly failures: readonly CheckResult[];
}

/**
 * Reads everything that is counted for a model, every query of it at once.
 *
 * @param version limits it to the compared versions
 */
export async function probeModel(
  asking: Asking,
  { queries, versionOf }: Pick<ProbedModel, 'queries' | 'versionOf'>,
  version: Matcher | undefined,
): Promise<Probe> {
  const channels: ProbedChannel[] = [];
  const failures: CheckResult[] = [];
  await Promise.all(
    channelsOf(queries.signals).map(async (channel) => {
      try {
        const series = await read(asking, channel, version);
        channels.push({ channel, series: series.filter(({ labels }) => versionOf(labels) !== undefined) });
      } catch (failure) {
        if (!(failure instanceof AskFailure)) throw failure;
        failures.push(
          error(
            checkOfChannel(channel.id),
            `could not be read: ${failure.message}`,
            'verdicts ask for the same series: while this fails they hold',
          ),
        );
      }
    }),
  );
  return { channels, failures };
}

/** Buckets are many, and their last values are enough; of counters every sample is looked at. */
function read(asking: Asking, channel: Channel, version: Matcher | undefined) {
  const { metrics, where } = channel.selection;
  const selector = selectorText(metrics, version === undefined ? where : [...where, version]);
  return channel.cellLabel === 'le' ? asking.last(selector) : asking.samples(selector);
}
