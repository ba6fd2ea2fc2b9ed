import { modelOfEntry, modelSettings, modelSource, type Config } from '../../config/index.js';
import { failure, success, type Result } from '../../domain/result.js';
import type { ComparedVersions } from '../../sources/prometheus/signals/versions.js';

/** What `check-config --online` was asked to look at. */
export interface OnlineOptions {
  readonly model?: string;
  readonly namespace?: string;
  readonly canary?: string;
  readonly stable?: string;
}

/** A model that is read from a server. */
export interface ModelToCheck {
  readonly namespace: string;
  readonly model: string;
  readonly compared?: ComparedVersions;
}

/** The namespace of verdicts that name none. */
const usualNamespace = 'default';

/**
 * The models whose signals are tested: the one that was named, else every one that the config names itself. Fails where
 * the options do not go together.
 */
export function modelsToCheck(config: Config, options: OnlineOptions): Result<readonly ModelToCheck[]> {
  const { model, namespace, canary, stable } = options;
  if (model === undefined) {
    if (canary !== undefined || stable !== undefined) {
      return failure([{ path: '--canary', message: 'expected --model beside it, and so beside --stable' }]);
    }
    const named = [...config.models.keys()].filter((name) => name !== '*').map(modelOfEntry);
    const models = named
      .filter((entry) => namespace === undefined || entry.namespace === '' || entry.namespace === namespace)
      .map((entry) => ({
        namespace: entry.namespace === '' ? (namespace ?? usualNamespace) : entry.namespace,
        model: entry.model,
      }));
    return success(models.filter((one) => isFromPrometheus(config, one)));
  }
  if (stable !== undefined && canary === undefined) {
    return failure([{ path: '--stable', message: 'expected --canary beside it' }]);
  }
  const one: ModelToCheck = {
    namespace: namespace ?? onlyNamespace(config, model) ?? usualNamespace,
    model,
    ...(canary === undefined ? {} : { compared: { canary, ...(stable === undefined ? {} : { stable }) } }),
  };
  if (isFromPrometheus(config, one)) return success([one]);
  const message = `expected a model that is read from Prometheus; "${model}" in namespace "${one.namespace}" is read from the ledger`;
  return failure([{ path: '--model', message }]);
}

/** The namespace that the entries of a model name, where they name just one. */
function onlyNamespace({ models }: Config, model: string): string | undefined {
  const entries = [...models.keys()].map(modelOfEntry);
  const [first, ...others] = entries.filter((entry) => entry.model === model && entry.namespace !== '');
  return others.length === 0 ? first?.namespace : undefined;
}

function isFromPrometheus(config: Config, { namespace, model }: ModelToCheck): boolean {
  return modelSource(modelSettings(config, namespace, model)) === 'prometheus';
}
