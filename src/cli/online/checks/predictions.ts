import { commonBounds } from '../../../sources/prometheus/counting/bucket-bounds.js';
import { predictionChannel } from '../../../sources/prometheus/counting/channel.js';
import type { PredictionSignal } from '../../../sources/prometheus/signals/signal.js';
import { error, ok, warning, type CheckResult } from '../finding.js';
import { identitiesOf, type ProbedChannel, type ProbedModel } from '../probed-model.js';
import { counted, listed } from '../words.js';
import { checkBounds } from './bounds.js';

/** With fewer bins even a large shift of the scores may not show. */
const fewestBounds = 4;

/** So many classes are told apart; further ones are counted together. */
const mostClasses = 200;

/** Whether a prediction output can show drift. */
export function checkPrediction(
  model: ProbedModel,
  name: string,
  signal: PredictionSignal,
): readonly CheckResult[] {
  const probed = model.channels.find(({ channel }) => channel.id === predictionChannel(name));
  if (probed === undefined || probed.series.length === 0) return [];
  const check = `predictions.${name}`;
  if (signal.kind === 'labels') return [checkClasses(check, signal.label, probed)];
  if (signal.form === 'native') {
    const isNative = probed.series.every(({ values }) => typeof values[0] === 'object');
    return [
      isNative
        ? ok(check, `${signal.metric}: native histograms`)
        : error(check, `the samples of ${signal.metric} are no native histograms`, 'set form: classic'),
    ];
  }
  const { bounds } = commonBounds(probed.channel.id, identitiesOf(model, probed));
  const told = `${signal.metric}: ${counted(bounds.length, 'bound')} (${bounds.join(', ')})`;
  const fix = 'give the histogram ten or more bounds, spread so that each bucket has a share of the scores';
  const first =
    bounds.length === 0
      ? error(check, `the histograms of ${signal.metric} have no bucket bound in common`, fix)
      : bounds.length < fewestBounds
        ? warning(check, `${told}: too few to show how scores shift`, fix)
        : (fullBucket(check, bounds, probed, fix) ?? ok(check, told));
  return [first, ...checkBounds(model, check, probed)];
}

/** Says so where one bucket has nearly all scores: then none of them tells anything of the others. */
function fullBucket(
  check: string,
  bounds: readonly number[],
  { series }: ProbedChannel,
  fix: string,
): CheckResult | undefined {
  const upTo = new Map<number, number>();
  for (const { labels, values } of series) {
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    const value = values.at(-1);
    if (typeof value === 'number') upTo.set(bound, (upTo.get(bound) ?? 0) + value);
  }
  const total = upTo.get(Infinity) ?? 0;
  if (total < 100) return undefined;
  let before = 0;
  for (const bound of [...bounds, Infinity]) {
    const count = upTo.get(bound) ?? 0;
    if (count - before > 0.99 * total) {
      const place = Number.isFinite(bound) ? `up to ${bound}` : `above ${bounds.at(-1) ?? 0}`;
      return warning(
        check,
        `nearly all scores are in one bucket, ${place}: drift within it does not show`,
        fix,
      );
    }
    before = count;
  }
  return undefined;
}

function checkClasses(check: string, label: string, { series }: ProbedChannel): CheckResult {
  const classes = new Set(series.flatMap(({ labels }) => labels[label] ?? []));
  if (classes.size === 0) {
    return error(check, `no series has the label ${label}, which is the class`, 'correct label');
  }
  if (classes.size > mostClasses) {
    return warning(
      check,
      `${counted(classes.size, 'class value')}: beyond the ${mostClasses} most frequent ones they are counted together`,
      'count groups of classes in the application',
    );
  }
  return ok(check, `${counted(classes.size, 'class value')}: ${listed(classes)}`);
}
