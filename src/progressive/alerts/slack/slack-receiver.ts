import type { AlertReceiver } from '../alert-receiver.js';
import { AlertPoster } from '../http/alert-poster.js';
import type { SlackSettings } from '../receiver-settings.js';
import { slackBody } from './slack-body.js';

/** Posts to an incoming webhook of Slack, or to what takes the same (Mattermost, Rocket.Chat). */
export function createSlackReceiver(settings: SlackSettings, now: () => number): AlertReceiver {
  const poster = new AlertPoster(settings, '', now);
  return {
    name: settings.name,
    kind: 'slack',
    minimumSeverity: settings.minimumSeverity,
    deliver: (message, signal) => poster.post(() => ({ body: JSON.stringify(slackBody(message)) }), signal),
    close: () => {
      poster.close();
    },
  };
}
