import type { FastClock } from '../../../support/service/fast-clock.js';
import type { VerdictService } from '../../argo/traffic/start-verdict-service.js';
import type { Controllers } from '../driving/controllers.js';
import type { ModelRollouts } from '../driving/model-rollouts.js';
import type { ModelCluster } from '../rig/model-cluster.js';
import type { Alertmanager } from '../told/alertmanager.js';
import type { Webhook } from '../told/webhook.js';

/** What a scenario is played with. */
export interface PlayParts {
  readonly cluster: ModelCluster;
  readonly clock: FastClock;
  readonly service: VerdictService;
  readonly rollouts: ModelRollouts;
  readonly controllers: Controllers;
  readonly alertmanager: Alertmanager;
  readonly webhook: Webhook;
  /** Keeps the files of the service and of everybody else. */
  readonly folder: string;
  /** Of who drives: whom it tells. */
  readonly config: Readonly<Record<string, unknown>>;
}
