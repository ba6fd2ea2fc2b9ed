import { modelSettings, type Config } from '../../config/index.js';
import type { PolicyBook } from './rule.js';

/** The policies of a config as the service would choose them. */
export function policyBook(config: Config, fromConfig: boolean): PolicyBook {
  return {
    fromConfig,
    names: [...config.policies.keys()],
    find: (name, namespace, model) =>
      config.policies.get(name !== '' ? name : (modelSettings(config, namespace, model).policy ?? 'default')),
  };
}
