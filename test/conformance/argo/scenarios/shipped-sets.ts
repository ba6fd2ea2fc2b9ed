/** Which shipped files go together, in the order in which people apply them. */
const template = (name: string) => `analysis-templates/${name}.yaml`;
const rollout = (name: string) => `rollouts/${name}.yaml`;

/** Four guardrails, one metric each, after the last pause. */
export const withMetrics = [
  template('ml-model-background'),
  template('ml-model-metrics'),
  rollout('canary-with-analysis'),
];

/** One combined verdict after every weight, with more confidence asked for each time. */
export const gated = [template('ml-model-background'), template('ml-model-verdict'), rollout('canary-gated')];

export const baseline = [
  template('ml-model-background'),
  template('ml-model-metrics'),
  rollout('canary-baseline'),
];

export const routedByNginx = [
  template('ml-model-background'),
  template('ml-model-metrics'),
  rollout('canary-nginx'),
];

/** The table to the letter, on the weights that Istio is told. */
export const thresholdsWithIstio = [
  template('ml-model-background'),
  template('ml-model-threshold'),
  rollout('canary-istio'),
];

/** Templates for the whole cluster; they are applied once. */
export const clusterTemplates = [
  template('cluster-ml-model-background'),
  template('cluster-ml-model-metrics'),
  template('cluster-ml-model-verdict'),
];

export const withClusterTemplates = [rollout('canary-cluster-templates')];
