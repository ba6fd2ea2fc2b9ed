import assert from 'node:assert/strict';
import type { ArmName, SeriesIdentity } from '../../../src/sources/prometheus/counting/sampled-series.js';
import { errorsUnmeasured } from '../../../src/sources/prometheus/looks/error-signal.js';
import type { CountSignal, Matcher } from '../../../src/sources/prometheus/signals/signal.js';

function series(arm: ArmName, channel: string, labels: Readonly<Record<string, string>>): SeriesIdentity {
  const rest = { cell: '', child: '', target: '', process: '', family: '', creation: '', replica: '' };
  return { ...rest, key: JSON.stringify([arm, channel, labels]), arm, channel, labels };
}

function counters(metric: string, ...where: readonly Matcher[]) {
  return { metrics: [metric], where };
}

const arms: readonly ArmName[] = ['canary', 'stable'];
const failed: Matcher = { label: 'code', operator: '=~', value: '5..' };
const byCode: CountSignal = { plus: counters('http_requests_total', failed) };
const requests = (arm: ArmName, labels: Readonly<Record<string, string>> = { code: '200' }) =>
  series(arm, 'requests', { __name__: 'http_requests_total', ...labels });

describe('whether errors can be told', () => {
  it('believes that there are none where requests have the label by which failures are told', () => {
    assert.equal(errorsUnmeasured(byCode, [requests('canary'), requests('stable')], arms), undefined);
  });

  it('does not where the label is not there, of one version alone too', () => {
    const other = requests('canary', { status: '200' });
    assert.equal(
      errorsUnmeasured(byCode, [other, requests('stable')], arms),
      'no series of the canary version has the label code',
    );
  });

  it('does not where the metric of failures is nowhere', () => {
    const failures: CountSignal = { plus: counters('failures_total') };
    assert.equal(
      errorsUnmeasured(failures, [requests('canary'), requests('stable')], arms),
      'the canary version has no series of failures_total',
    );
    const there = (arm: ArmName) => series(arm, 'errors', { __name__: 'failures_total' });
    const all = [requests('canary'), requests('stable'), there('canary'), there('stable')];
    assert.equal(errorsUnmeasured(failures, all, arms), undefined);
    assert.match(errorsUnmeasured(failures, all.slice(0, 3), arms) ?? '', /stable version/);
  });

  it('takes what was never finished for failed, if the other version finishes at all', () => {
    const unfinished: CountSignal = {
      plus: counters('begun_count'),
      minus: counters('finished_count'),
    };
    const begun = (arm: ArmName) => series(arm, 'errors', { __name__: 'begun_count' });
    const finished = series('stable', 'errors-less', { __name__: 'finished_count' });
    assert.equal(errorsUnmeasured(unfinished, [begun('canary'), begun('stable'), finished], arms), undefined);
    assert.match(
      errorsUnmeasured(unfinished, [begun('canary'), begun('stable')], arms) ?? '',
      /no series of finished_count/,
    );
  });

  it('says so where no signal tells errors', () => {
    assert.equal(
      errorsUnmeasured(undefined, [requests('canary')], ['canary']),
      'no signal says which requests failed',
    );
  });
});
