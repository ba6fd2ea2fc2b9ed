/** Experiment steps: two versions side by side, told apart, and an end, be it that a person has to be asked. */
import type { FieldError } from '../../../src/domain/errors.js';
import { suggestName } from '../../../src/domain/nearest-name.js';
import type { CanaryStep, ExperimentStep, Rollout } from '../argo-documents.js';

const specRefs = ['canary', 'stable'];

export function checkExperimentSteps(rollout: Rollout): readonly FieldError[] {
  const { steps, trafficRouting } = rollout.spec.strategy.canary;
  const weighs = trafficRouting?.istio !== undefined || trafficRouting?.plugins !== undefined;
  return steps.flatMap(({ experiment }, index) =>
    experiment === undefined
      ? []
      : [...checkExperiment(experiment, weighs), ...checkStop(steps.slice(index + 1))].map(
          ({ path, message }) => ({
            path: `spec.strategy.canary.steps[${index}].experiment${path}`,
            message,
          }),
        ),
  );
}

/** Argo goes on over the pause of a held experiment, weights and timed pauses included, as far as an analysis. */
function checkStop(following: readonly CanaryStep[]): readonly FieldError[] {
  const [first, second] = following;
  const gate = first?.setWeight === undefined ? first : second;
  return gate?.analysis === undefined
    ? [{ path: '', message: 'expected an analysis right behind the next weight: nothing else stops a hold' }]
    : [];
}

function checkExperiment(experiment: ExperimentStep, weighs: boolean): readonly FieldError[] {
  const { templates, analyses, duration } = experiment;
  const found: FieldError[] = [];
  const report = (path: string, message: string) => found.push({ path, message });
  templates.forEach(({ name, specRef, weight, metadata }, index) => {
    const at = `.templates[${index}]`;
    if (templates.findIndex((other) => other.name === name) !== index)
      report(`${at}.name`, `two templates are named "${name}"`);
    if (!specRefs.includes(specRef)) report(`${at}.specRef`, suggestName(specRef, specRefs));
    if (weight !== undefined && !weighs) report(`${at}.weight`, 'needs a router that knows experiments');
    // With the Rollout's own labels alone a ReplicaSet can get the very hash that the Rollout's has.
    const labels = JSON.stringify(metadata.labels);
    if (labels === '{}') report(`${at}.metadata.labels`, 'expected a label that makes the hash differ');
    else if (templates.findIndex((other) => JSON.stringify(other.metadata.labels) === labels) !== index)
      report(`${at}.metadata.labels`, 'another template has the same labels');
  });
  for (const specRef of specRefs) {
    if (!templates.some((template) => template.specRef === specRef))
      report('.templates', `none has "specRef: ${specRef}"`);
  }
  if (analyses.length === 0) report('.analyses', 'expected an analysis: an experiment alone proves nothing');
  else if (duration === undefined && !analyses.some((analysis) => analysis.requiredForCompletion))
    report('.analyses', 'expected one that is requiredForCompletion, or a duration: it would never end');
  return found;
}
