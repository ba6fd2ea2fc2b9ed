import { z } from 'zod';
import { accessSection } from './sections/access.js';
import { alertsSection } from './sections/alerts.js';
import { eventsSection } from './sections/events.js';
import { ingestSection } from './sections/ingest.js';
import { ledgerSection } from './sections/ledger.js';
import { limitsSection } from './sections/limits.js';
import { loggingSection } from './sections/logging.js';
import { looksSection } from './sections/looks.js';
import { metricsSection } from './sections/metrics.js';
import { modelsSection } from './sections/models.js';
import { policiesSection } from './sections/policies.js';
import { prometheusSection } from './sections/prometheus.js';
import { serverSection } from './sections/server.js';

/** The whole config file: one section a file, each with its defaults, so that an empty file is a config. */
export const configSchema = z.strictObject({
  server: serverSection,
  access: accessSection,
  limits: limitsSection,
  ledger: ledgerSection,
  ingest: ingestSection,
  events: eventsSection,
  looks: looksSection,
  prometheus: prometheusSection,
  models: modelsSection,
  policies: policiesSection,
  alerts: alertsSection,
  metrics: metricsSection,
  logging: loggingSection,
});
