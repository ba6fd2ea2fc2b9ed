import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { alertReceivers, alertWarnings, effectiveConfig, loadConfig } from '../../src/config/index.js';
import { describeFieldError } from '../../src/domain/errors.js';

const webhook = { name: 'ops', kind: 'webhook', url: 'https://hooks.example.com/ml' };
const slack = { name: 'chat', kind: 'slack', url: 'https://hooks.slack.com/services/T0/B0/hidden' };
const alertmanager = { name: 'am', kind: 'alertmanager', url: 'http://alertmanager:9093' };

describe('the section alerts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-alerts-'));
  const file = join(folder, 'config.yaml');

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function load(alerts: unknown) {
    writeFileSync(file, stringify({ alerts }));
    return loadConfig({ file });
  }

  function configOf(alerts: unknown) {
    const loaded = load(alerts);
    assert.ok(loaded.ok, JSON.stringify(loaded));
    return loaded.value;
  }

  function errorsOf(alerts: unknown): string {
    const loaded = load(alerts);
    assert.ok(!loaded.ok);
    return loaded.errors.map(describeFieldError).join('\n');
  }

  it('has nobody to tell unless it is said', () => {
    assert.deepEqual(configOf({}).alerts, { receivers: [] });
  });

  it('gives every kind of receiver its defaults', () => {
    const { alerts } = configOf({ receivers: [webhook, slack, alertmanager] });
    const common = { timeoutMs: 10_000, headers: {}, access: { kind: 'none' }, tls: {} };
    assert.deepEqual(alerts.receivers, [
      {
        ...common,
        kind: 'webhook',
        name: 'ops',
        minimumSeverity: 'info',
        address: { kind: 'url', url: webhook.url },
        secretFiles: [],
      },
      {
        ...common,
        kind: 'slack',
        name: 'chat',
        minimumSeverity: 'warning',
        address: { kind: 'url', url: slack.url },
      },
      {
        ...common,
        kind: 'alertmanager',
        name: 'am',
        minimumSeverity: 'warning',
        address: { kind: 'url', url: alertmanager.url },
        eventFiresForMs: 3_600_000,
        conditionFiresForMs: 86_400_000,
        labels: {},
      },
    ]);
  });

  it('reads what is written', () => {
    const { alerts } = configOf({
      link: 'https://ml.example.com/{namespace}/{model}',
      receivers: [
        {
          ...alertmanager,
          minimumSeverity: 'critical',
          timeout: '500ms',
          eventFiresFor: '30m',
          conditionFiresFor: '7d',
          labels: { team: 'ml' },
          basicAuth: { username: 'ml', passwordFile: '/secrets/password' },
        },
        { name: 'chat', kind: 'slack', urlFile: '/secrets/slack' },
      ],
    });
    const [am, chat] = alerts.receivers;
    assert.equal(alerts.link, 'https://ml.example.com/{namespace}/{model}');
    assert.deepEqual(am, {
      kind: 'alertmanager',
      name: 'am',
      minimumSeverity: 'critical',
      address: { kind: 'url', url: alertmanager.url },
      timeoutMs: 500,
      headers: {},
      access: { kind: 'basic', username: 'ml', passwordFile: '/secrets/password' },
      tls: {},
      eventFiresForMs: 1_800_000,
      conditionFiresForMs: 604_800_000,
      labels: { team: 'ml' },
    });
    assert.deepEqual(chat?.address, { kind: 'file', file: '/secrets/slack' });
  });

  for (const [what, receiver, message] of [
    [
      'no address',
      { name: 'ops', kind: 'webhook' },
      /receivers\[0\]: expected exactly one of url and urlFile/,
    ],
    ['two addresses', { ...webhook, urlFile: '/u' }, /exactly one of url and urlFile/],
    ['an address that is none', { ...webhook, url: 'hooks.example.com' }, /an http or https address in url/],
    [
      'a secret in an address',
      { ...webhook, url: 'https://h.example.com/?token=hidden' },
      /no user, password, query or fragment in url .*urlFile/,
    ],
    [
      'an unknown kind',
      { ...webhook, kind: 'pager' },
      /kind: expected one of "webhook", "slack", "alertmanager"/,
    ],
    ['a mistyped field', { ...webhook, secretFile: '/s' }, /secretFile: unknown field; .*secretFiles/],
    ['a secret of Slack', { ...slack, secretFiles: ['/s'] }, /no secretFiles, which is for kind webhook/],
    ['labels of a webhook', { ...webhook, labels: { a: 'b' } }, /no labels, which is for kind alertmanager/],
    ['a label that is taken', { ...alertmanager, labels: { severity: 'x' } }, /labels: expected no severity/],
    ['a label that is none', { ...alertmanager, labels: { 'a-b': 'x' } }, /names of letters, digits and _/],
    [
      'two accesses',
      {
        ...webhook,
        bearerTokenFile: '/t',
        basicAuth: { username: 'a', passwordFile: '/p' },
      },
      /at most one of basicAuth and bearerTokenFile/,
    ],
    ['a secret header', { ...webhook, headers: { 'X-Api-Key': 'hidden' } }, /a file for X-Api-Key/],
    ['half a certificate', { ...webhook, tls: { certFile: '/c' } }, /certFile and keyFile together/],
    ['TLS beside http', { ...alertmanager, tls: { caFile: '/c' } }, /nothing beside an http url/],
    [
      'a timeout that is too long',
      { ...webhook, timeout: '5m' },
      /timeout: expected a duration from 100ms to 30s/,
    ],
  ] as const) {
    it(`refuses ${what}, and repeats no secret`, () => {
      const errors = errorsOf({ receivers: [receiver] });
      assert.match(errors, message);
      assert.doesNotMatch(errors, /hidden|services/);
    });
  }

  it('refuses two receivers of one name, and a link that names what there is not', () => {
    assert.match(
      errorsOf({ receivers: [webhook, { ...slack, name: 'ops' }] }),
      /receivers\[1\]\.name: .*no other/,
    );
    assert.match(errorsOf({ link: 'https://x.example/{modle}' }), /link: expected no other names in braces/);
    assert.match(errorsOf({ link: '{model}' }), /link: expected an http or https address/);
  });

  it('shows the address of Slack to nobody', () => {
    const shown = effectiveConfig(configOf({ receivers: [slack, webhook] }));
    const { receivers } = shown['alerts'] as { readonly receivers: readonly { readonly url: string }[] };
    assert.deepEqual(
      receivers.map(({ url }) => url),
      ['https://hooks.slack.com/***', webhook.url],
    );
  });

  it('warns of files that cannot be used here', async () => {
    const empty = join(folder, 'empty');
    const fine = join(folder, 'fine');
    writeFileSync(empty, '\n');
    writeFileSync(fine, 'https://hooks.slack.com/services/T0/B0/hidden\n');
    const config = configOf({
      receivers: [
        { ...webhook, secretFiles: [join(folder, 'none'), empty] },
        { name: 'chat', kind: 'slack', urlFile: fine },
        { name: 'other', kind: 'slack', urlFile: empty },
        { ...alertmanager, url: 'https://am', tls: { caFile: fine } },
      ],
    });
    const warnings = (await alertWarnings(config)).join('\n');
    assert.match(warnings, /^alerts\.receivers\[0\] \(ops\): .*secretFiles\[0\] .* there is no such file$/m);
    assert.match(warnings, /^alerts\.receivers\[0\] \(ops\): .*secretFiles\[1\] .* holds nothing$/m);
    assert.match(warnings, /^alerts\.receivers\[2\] \(other\): .*urlFile .* holds nothing$/m);
    assert.match(warnings, /^alerts\.receivers\[3\] \(am\): .*tls\.caFile .* is no certificate in PEM$/m);
    assert.equal(warnings.split('\n').length, 4);
    assert.doesNotMatch(warnings, /hidden/);
  });

  it('makes receivers in its order', () => {
    const receivers = alertReceivers(configOf({ receivers: [slack, webhook, alertmanager] }), Date.now);
    assert.deepEqual(
      receivers.map(({ name, kind }) => [name, kind]),
      [
        ['chat', 'slack'],
        ['ops', 'webhook'],
        ['am', 'alertmanager'],
      ],
    );
  });
});
