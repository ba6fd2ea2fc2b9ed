import type { AlertReceiver } from '../alert-receiver.js';
import { AlertPoster } from '../http/alert-poster.js';
import type { AlertmanagerSettings } from '../receiver-settings.js';
import { alertmanagerAlerts } from './alertmanager-alerts.js';

/** Posts to the v2 API of an Alertmanager. Of several that form a cluster each is a receiver of its own. */
export function createAlertmanagerReceiver(settings: AlertmanagerSettings, now: () => number): AlertReceiver {
  const poster = new AlertPoster(settings, '/api/v2/alerts', now);
  return {
    name: settings.name,
    kind: 'alertmanager',
    // The end of a warning is told by what is no warning itself: which are sent is decided one by one.
    minimumSeverity: 'info',
    async deliver(message, signal) {
      const alerts = alertmanagerAlerts(message, settings);
      if (alerts.length === 0) return { kind: 'delivered' };
      return await poster.post(() => ({ body: JSON.stringify(alerts) }), signal);
    },
    close: () => {
      poster.close();
    },
  };
}
