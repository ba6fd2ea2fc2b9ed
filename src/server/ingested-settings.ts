import type { Config } from '../config/config.js';
import type { IngestedSettings } from '../telemetry/index.js';
import { nameMatcher } from './access/name-pattern.js';

/** Which of what is ingested is offered as metrics, as the config has it. */
export function ingestedSettings({ metrics: { ingested } }: Config): IngestedSettings {
  const { models, scoreBuckets, scoreBucketsFor, ...settings } = ingested;
  const fits = nameMatcher(models);
  // Names of models and outputs are anything, also what every object has.
  const bounds = new Map(
    Object.entries(scoreBucketsFor).map(([name, outputs]) => [name, new Map(Object.entries(outputs))]),
  );
  return {
    ...settings,
    isWanted: (namespace, model) => fits(model) || fits(`${namespace}/${model}`),
    scoreBuckets: (namespace, model, output) => {
      for (const name of [`${namespace}/${model}`, model]) {
        const outputs = bounds.get(name);
        const found = outputs?.get(output) ?? outputs?.get('*');
        if (found !== undefined) return found;
      }
      return scoreBuckets;
    },
  };
}
