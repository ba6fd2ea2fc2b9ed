import type { KubernetesObject } from '../cluster/kubernetes-object.js';
import { RolloutDriver } from '../driver/rollout-driver.js';
import type { RolloutState } from '../machine/rollout-state.js';
import { alertMessageOf } from '../resource/alert-message-of.js';
import type { ModelRollout } from '../resource/model-rollout.js';
import type { ManagedParts } from './managed-parts.js';
import { shownOperation } from './shown-operation.js';
import { StatusStore } from './status-store.js';

/** A rollout that is being driven. */
export interface Opened {
  readonly rollout: ModelRollout;
  /** The run that its state is about. */
  readonly run: number;
  readonly driver: RolloutDriver;
  readonly store: StatusStore;
  /** The status does not yet say that this spec was seen, or still says that it is not driven. */
  isGenerationNew: boolean;
}

/** Makes what drives a rollout from its state. */
export function openRollout(
  parts: ManagedParts,
  key: string,
  given: {
    readonly object: KubernetesObject;
    readonly rollout: ModelRollout;
    readonly state: RolloutState;
    readonly run: number;
    readonly isSaved: boolean;
    readonly isGenerationNew: boolean;
  },
): Opened {
  const { api, judge, now, log, metrics, onAlert, wake } = parts;
  const { rollout, run, isGenerationNew } = given;
  const { kind, spec } = rollout.target;
  const store = new StatusStore(api, given, now);
  const driver: RolloutDriver = new RolloutDriver(
    {
      target: kind.create(spec, {
        api,
        namespace: rollout.namespace,
        onPatch: ({ operations }) => {
          log.info({ rollout: key, operations: operations.map(shownOperation) }, 'patching');
        },
      }),
      judge,
      store,
      model: rollout.model,
      versions: rollout.versions,
      now,
      wake: () => {
        wake(key);
      },
      onAlert: (alert) => {
        onAlert(alertMessageOf(rollout, driver.state, alert, parts.alertLink));
      },
      observer: {
        changed: (action, result) => {
          metrics.patched(kind.name, action.kind, result.kind);
          const reason = 'reason' in result ? result.reason : undefined;
          log.info({ rollout: key, action: action.kind, result: result.kind, reason }, 'changed the target');
        },
        failed: (error) => {
          log.error({ rollout: key, error: String(error) }, 'a question failed');
        },
        answered: (answer) => {
          metrics.asked(answer.kind);
          if (answer.kind === 'unavailable') {
            log.warn({ rollout: key, reason: answer.reason }, 'no verdict');
          }
        },
      },
    },
    given.state,
    { isSaved: given.isSaved },
  );
  return { rollout, run, driver, store, isGenerationNew };
}
