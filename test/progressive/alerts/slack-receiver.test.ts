import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createSlackReceiver } from '../../../src/progressive/alerts/index.js';
import { slackBody } from '../../../src/progressive/alerts/slack/slack-body.js';
import { slackText } from '../../../src/progressive/alerts/slack/slack-text.js';
import { alertSeverities, type AlertKind } from '../../../src/progressive/machine/alert.js';
import { FakeServer } from '../../sources/prometheus/server/support/fake-server.js';
import { alertMessage } from './support/alert-messages.js';

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly fields?: readonly { readonly text: string }[];
}

const kinds = Object.keys(alertSeverities) as readonly AlertKind[];

describe('Slack for alerts', () => {
  it('gets a text, and blocks with the reason, the versions and what to do', () => {
    const { text, blocks } = slackBody(alertMessage('paused'));
    assert.equal(
      text,
      '[warning] Canary of fraud-detector is paused at 10 %: error-rate: 2.4 % &gt; 1 %, evidence 120:1 of 80:1 needed',
    );
    const written = blocks as readonly Block[];
    assert.deepEqual(
      written.map(({ type }) => type),
      ['header', 'section', 'section', 'section', 'section'],
    );
    assert.equal(written[0]?.text?.text, 'Canary of fraud-detector is paused at 10 %');
    assert.deepEqual(
      written[2]?.fields?.map((field) => field.text),
      [
        '*Severity*\nwarning',
        '*Canary gets*\n10 %',
        '*Canary*\nv2',
        '*Stable*\nv1',
        '*Target*\nInferenceService fraud-detector',
        '*Rollout*\nml/fraud-detector',
        '*Verdict*\nv-0123456789abcdef',
      ],
    );
    assert.match(
      written[3]?.text?.text ?? '',
      /^• See how it stands: `ml-verdict rollout status fraud-detector -n ml`\n• Go on:/,
    );
    assert.equal(
      written[4]?.text?.text,
      '<https://example.com/rollouts?model=fraud-detector&amp;namespace=ml|Read more>',
    );
  });

  it('leaves away a link that Slack could not show', () => {
    for (const link of [null, 'https://example.com/|<!channel>', `https://example.com/${'x'.repeat(3000)}`]) {
      const shown = JSON.stringify(slackBody(alertMessage('paused', { link })));
      assert.doesNotMatch(shown, /Read more|channel/);
    }
  });

  it('never takes more room than there is, nor calls anybody by a name in a reason', () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 4000 }),
      fc.constantFrom('<!channel> & <@U1>', '&'.repeat(700), '<'.repeat(4000), '😀'.repeat(200)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...kinds), text, text, (kind, reason, name) => {
        const body = slackBody(alertMessage(kind, { model: name, canary: name, alert: { text: reason } }));
        for (const { text: own, fields = [], type } of body.blocks as readonly Block[]) {
          for (const { text: written } of [...(own === undefined ? [] : [own]), ...fields]) {
            assert.ok(written.length <= (type === 'header' ? 150 : fields.length > 0 ? 2000 : 3000));
            assert.match(written, /\S/);
            assert.doesNotMatch(written.replace(/<https:[^>|]*\|Read more>$/, ''), /[<>]|&(?!amp;|lt;|gt;)/);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('cuts a text before a character, not inside of one', () => {
    assert.equal(slackText('a&b', 7), 'a&amp;b');
    assert.equal(slackText('a&b', 6), 'a…');
    assert.equal(slackText('😀😀', 3), '😀…');
    assert.equal(slackText('a<b', 100), 'a&lt;b');
  });

  it('has an address that is told nobody', async () => {
    const fake = await FakeServer.start((_, response) => {
      response.writeHead(404).end('no_service https://hooks.slack.com/services/T0/B0/secret');
    });
    const receiver = createSlackReceiver(
      {
        kind: 'slack',
        name: 'chat',
        minimumSeverity: 'warning',
        address: { kind: 'url', url: `${fake.url()}/services/T0/B0/secret` },
        timeoutMs: 5000,
        headers: {},
        access: { kind: 'none' },
        tls: {},
      },
      Date.now,
    );
    const { signal } = new AbortController();
    const refused = await receiver.deliver(alertMessage('paused'), signal);
    assert.equal(fake.requests[0]?.url, '/services/T0/B0/secret');
    assert.deepEqual(JSON.parse(fake.requests[0].body), slackBody(alertMessage('paused')));
    await fake.stop();
    const unreachable = await receiver.deliver(alertMessage('paused'), signal);
    receiver.close?.();
    assert.deepEqual([refused.kind, unreachable.kind], ['later', 'later']);
    assert.doesNotMatch(JSON.stringify([refused, unreachable]), /services|secret/);
  });
});
