import type { AlertReceiver } from '../alert-receiver.js';
import { AlertPoster } from '../http/alert-poster.js';
import type { AlertmanagerSettings } from '../receiver-settings.js';
import { alertmanagerAlerts } from './alertmanager-alerts.js';
import { kindChanges } from './kind-changes.js';
import { ToldKinds } from './told-kinds.js';

/** Posts to the v2 API of an Alertmanager. Of several that form a cluster each is a receiver of its own. */
export function createAlertmanagerReceiver(settings: AlertmanagerSettings, now: () => number): AlertReceiver {
  const poster = new AlertPoster(settings, '/api/v2/alerts', now);
  const told = new ToldKinds();
  return {
    name: settings.name,
    kind: 'alertmanager',
    // The end of a warning is told by what is no warning itself: which are sent is decided one by one.
    minimumSeverity: 'info',
    async deliver(message, signal) {
      const changes = kindChanges(message, settings, now()).filter((change) => told.isNews(message, change));
      if (changes.length === 0) return { kind: 'delivered' };
      const body = JSON.stringify(alertmanagerAlerts(message, changes, settings));
      const delivery = await poster.post(() => ({ body }), signal);
      if (delivery.kind === 'delivered') told.keep(message, changes);
      return delivery;
    },
    close: () => {
      poster.close();
    },
  };
}
