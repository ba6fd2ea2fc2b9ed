import assert from 'node:assert/strict';
import { alertLink, alertText, unknownPlaceholders } from '../../../src/progressive/alerts/index.js';
import { alertSeverities, type AlertKind } from '../../../src/progressive/machine/alert.js';
import { alertMessage } from './support/alert-messages.js';

describe('the words of an alert', () => {
  for (const kind of Object.keys(alertSeverities) as readonly AlertKind[]) {
    it(`of ${kind} name the model and say what to do with whole commands`, () => {
      const message = alertMessage(kind, { rollout: 'fd-2', model: 'fd' });
      const { title, text, next } = alertText(message);
      assert.match(title, /\bfd\b/);
      assert.equal(text, message.alert.text);
      for (const step of next) {
        const commands = [...step.matchAll(/`([^`]+)`/g)].map(([, command]) => command);
        for (const command of commands)
          assert.match(
            command ?? '',
            /^ml-verdict rollout (?:[a-z]+ fd-2|restore fraud-detector) -n ml( |$)/,
          );
      }
      if (alertSeverities[kind] !== 'info') assert.ok(next.length > 0, 'a person is called for something');
    });
  }

  it('offer to put the old model back where that is a command', () => {
    const [, tidy] = alertText(alertMessage('rolling-back')).next;
    assert.match(tidy ?? '', /`ml-verdict rollout restore fraud-detector -n ml --storage-uri OLD_MODEL`$/);
    const [other] = alertText(alertMessage('rolled-back', { target: 'Experiment fraud-detector' })).next;
    assert.equal(other, 'Take the canary out once somebody has looked at it.');
  });

  it('do without versions that are not known yet', () => {
    assert.equal(
      alertText(alertMessage('promoting', { canary: null })).title,
      'Promoting the canary of fraud-detector',
    );
  });
});

describe('the link of an alert', () => {
  it('has every value encoded', () => {
    const message = alertMessage('paused', { model: 'a/b&c' });
    assert.equal(
      alertLink('https://x.example/{namespace}/{rollout}?m={model}&v={verdict}', message),
      'https://x.example/ml/fraud-detector?m=a%2Fb%26c&v=v-0123456789abcdef',
    );
  });

  it('is none where it needs a verdict and there is none', () => {
    const message = alertMessage('paused', { alert: { verdictId: null } });
    assert.equal(alertLink('https://x.example/{verdict}', message), null);
    assert.equal(alertLink('https://x.example/{model}', message), 'https://x.example/fraud-detector');
  });

  it('knows what it may name', () => {
    assert.deepEqual(unknownPlaceholders('https://x.example/{model}/{modle}'), ['modle']);
  });
});
