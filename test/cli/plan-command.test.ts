import assert from 'node:assert/strict';
import { parse } from 'yaml';
import type { Plan } from '../../src/judge/index.js';
import { FileFolder } from './support/observation-files.js';
import { runCommand } from './support/run-command.js';

const usual = ['plan', '--rps', '50', '--weight', '5%'];

async function planOf(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Plan> {
  const { status, out, err } = await runCommand([...argv, '-o', 'json'], env);
  assert.deepEqual([status, err], [0, '']);
  return JSON.parse(out) as Plan;
}

describe('plan', () => {
  const folder = new FileFolder();

  after(() => {
    folder.remove();
  });

  it('prints a line for every guardrail, the combined verdict, and what is assumed', async () => {
    const { status, out, err } = await runCommand([...usual, '--within', '30m']);
    assert.deepEqual([status, err], [0, '']);
    assert.match(
      out,
      /^50 requests\/s, 5 % of them to the canary: 150 canary requests\/min\. Policy default/,
    );
    assert.match(out, /^GUARDRAIL +HEALTHY +PROMOTED AFTER +95 % BY +FAULTY +ROLLED BACK AFTER +95 % BY$/m);
    assert.match(out, /^error-rate +0\.3 % +10 min +\d+ min +2 % +6 min +\d+ min$/m);
    assert.match(out, /^business-proxy +0 % change +\d+ min +[\d.]+ h +-10 % change +\d+ min +\d+ min$/m);
    assert.match(out, /^combined +all healthy +\d+ min +[\d.]+ h +a single fault +as above$/m);
    assert.match(out, /^The slowest guardrail of a healthy canary: business-proxy\.$/m);
    assert.match(
      out,
      /^Half of the healthy canaries are promoted within 30 min from a weight of \d+ % on, 95 of 100 from a weight of \d+ % on\.$/m,
    );
    assert.match(
      out,
      /^Assumed:\n- steady traffic .*\n(- .*\n)*- request times are lognormal with sigma 1\n/m,
    );
  });

  it('says why something is not decided, and what is left out', async () => {
    const { out } = await runCommand([
      ...usual,
      ...['--healthy', 'error-rate=0.7%', '--outcomes-per-request', '0', '--within', '4m'],
    ]);
    assert.match(out, /^error-rate does not promote: 0\.7 % lies between the two thresholds/m);
    assert.match(out, /^business-proxy is left out: no outcomes are recorded\.$/m);
    assert.match(out, /^A healthy canary is never promoted, because of error-rate\.$/m);
    assert.match(out, /promoted within 4 min at no weight up to 50 %, 95 of 100 at no weight up to 50 %\.$/m);
    const { out: slow } = await runCommand([
      ...usual,
      ...['--healthy', 'error-rate=0.495%', '--set', 'business-proxy.ifUndecided=pass'],
    ]);
    assert.match(slow, /^error-rate does not promote 95 of 100: 0\.495 % needs more than a week/m);
    assert.match(slow, /^business-proxy passes while undecided: .* after 3 min\.$/m);
  });

  it('takes the same policy options as judge', async () => {
    const config = folder.write(
      'config.yaml',
      'policies:\n  errors: { guardrails: [{ name: errors, kind: error-rate, promoteBelow: 1%, rollbackAbove: 2% }] }\n',
    );
    const file = folder.write(
      'mine.yaml',
      'guardrails:\n  - { name: errors, kind: error-rate, promoteBelow: 1%, rollbackAbove: 2% }\n',
    );
    const named = await planOf([...usual, '-c', config, '-p', 'errors', '--faulty', 'errors=50%']);
    assert.deepEqual(
      named.guardrails.map(({ name }) => name),
      ['errors'],
    );
    assert.equal(named.guardrails[0]?.faulty.quality, 0.5);
    const fromFile = await planOf([...usual, '-p', file, '--faulty', 'errors=50%']);
    assert.deepEqual(fromFile.guardrails, named.guardrails);
    const changed = await planOf([...usual, '--confidence', '0.8', '--set', 'error-rate.promoteBelow=0.2%']);
    assert.deepEqual([changed.confidence, changed.guardrails[0]?.healthy.text], [0.8, '0.12 %']);
  });

  it('takes what is told of the traffic', async () => {
    const { traffic } = await planOf([
      ...['plan', '--rps', '200', '--weight', '10', '--routing', 'sticky', '--decision-rate', '2%'],
      ...['--outcomes-per-request', '0.3', '--outcome-mean', '40', '--outcome-deviation', '90'],
      ...['--latency-bounds', '100,200,500'],
    ]);
    assert.deepEqual(traffic, {
      requestsPerSecond: 200,
      weight: 0.1,
      canaryRequestsPerMinute: 1200,
      outcomesPerRequest: 0.3,
      outcomeMean: 40,
      outcomeDeviation: 90,
      decisionRate: 0.02,
      latencyBoundsMs: [100, 200, 500],
      routing: 'sticky',
    });
  });

  it('prints YAML, one line, and a table with the samples', async () => {
    const printed = async (format: string) => (await runCommand([...usual, '-o', format])).out;
    const plan = await planOf(usual);
    assert.deepEqual(parse(await printed('yaml')), plan);
    assert.equal(await printed('ndjson'), `${JSON.stringify(plan)}\n`);
    const wide = await printed('wide');
    assert.match(
      wide,
      /^error-rate +0\.3 % +10 min, 1,500 requests +\d+ min, [\d,]+ requests +2 % +6 min, 900/m,
    );
    assert.match(wide, /^business-proxy +0 % change +\d+ min, [\d,]+ outcomes /m);
  });

  it('leaves out what selected requests cannot be compared in', async () => {
    const { out } = await runCommand([...usual, '--routing', 'selected']);
    assert.match(out, /^prediction-drift +PSI 0 +not measured +PSI 0\.25 +not measured$/m);
    assert.match(out, /^combined +all healthy +10 min/m);
    assert.match(
      out,
      /^prediction-drift is left out: selected requests cannot be compared with those of .*[a-z]\.$/m,
    );
  });

  it('names the option that is wrong', async () => {
    for (const [argv, message] of [
      [['--rps', '0'], /^ml-verdict: --rps: expected requests per second, a number above 0/],
      [['--weight', '0'], /^ml-verdict: --weight: expected a percentage above 0 and below 100/],
      [['--outcome-mean', '30'], /^ml-verdict: --outcome-mean: expected a share of yes below 100 %/],
      [['--within', '3'], /^ml-verdict: --within: expected a duration/],
      [['--within', '1000000000d'], /^ml-verdict: --within: expected a duration of a week or less/],
      [['--healthy', 'error-rate'], /^ml-verdict: --healthy: expected guardrail=quality, got "error-rate"/],
      [['--faulty', 'errors=1%'], /^ml-verdict: --faulty errors: the policy "default" has no such guardrail/],
      [['--healthy', 'error-rate=0.5'], /^ml-verdict: --healthy error-rate: expected a percentage/],
      [
        ['--latency-bounds', '200,100'],
        /^ml-verdict: --latency-bounds: expected up to 200 rising bounds in milliseconds/,
      ],
      [['--routing', 'any'], /^ml-verdict: --routing: expected one of "random", "sticky", "selected"/],
      [['--set', 'error-rate.promoteBelow=x'], /^ml-verdict: guardrails\.error-rate\.promoteBelow: /],
      [['-p', 'strict'], /^ml-verdict: --policy: there is no policy "strict"/],
      [['-o', 'xml'], /expected one of table, wide, json, ndjson, yaml/],
    ] as const) {
      const { status, out, err } = await runCommand([...usual, ...argv]);
      assert.deepEqual([status, out], [3, ''], argv.join(' '));
      assert.match(err, message);
    }
    const missing = await runCommand(['plan', '--rps', '5']);
    assert.equal(missing.status, 3);
    assert.match(missing.err, /--weight/);
  });
});
