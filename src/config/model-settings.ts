import type { Config, ModelSettings } from './config.js';

/** The settings of a model: its own entry, for what that leaves out the one of the model in any namespace, then `*`. */
export function modelSettings(config: Config, namespace: string, model: string): ModelSettings {
  return {
    ...config.models.get('*'),
    ...config.models.get(model),
    ...config.models.get(`${namespace}/${model}`),
  };
}
