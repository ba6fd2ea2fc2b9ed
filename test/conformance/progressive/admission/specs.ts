/** A spec as somebody writes it, and what both the parser and the API server say to it. */
export interface WrittenSpec {
  readonly what: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** `canonical`: the API server takes it in its canonical way only, the parser in both. */
  readonly verdict: 'taken' | 'refused' | 'canonical';
}

const kserve = { target: { kserve: { name: 'm' } } };
const carried = { target: { kserve: { name: 'm', newModel: { storageUri: 'gs://m/2' } } } };
const deployment = { name: 'm', stable: 'main', canary: 'new' };
const experiment = { name: 'm', canary: 'iris2' };

const of =
  (verdict: WrittenSpec['verdict']) =>
  ([what, spec]: readonly [string, Readonly<Record<string, unknown>>]): WrittenSpec => ({
    what,
    spec,
    verdict,
  });

const taken = (
  [
    ['a target alone', kserve],
    ['a window of a minute', { ...kserve, window: '1m' }],
    ['a window of a minute in seconds', { ...kserve, window: 60 }],
    ['a window of a minute in milliseconds', { ...kserve, window: '60000ms' }],
    ['a window of an hour', { ...kserve, window: '1.5h' }],
    ['a window of a day', { ...kserve, window: '1d' }],
    ['a limit of a second', { ...kserve, readyLimit: 1, confirmLimit: '1s' }],
    ['no time to settle', { ...kserve, stabilisation: 0, minimumAnalysis: '0' }],
    ['a unit in capitals', { ...kserve, window: '5M', readyLimit: '5000MS' }],
    ['a unit after a space', { ...kserve, stabilisation: '5 m' }],
    ['a carried model', { ...carried, newVersion: 'carried' }],
    ['a carried model, unsaid', carried],
    ['a model beside one that is there', { ...carried, newVersion: 'present' }],
    ['an awaited model', { ...kserve, newVersion: 'awaited' }],
    [
      'a carried predictor',
      { target: { seldonDeployment: { ...deployment, newPredictor: { graph: {} } } }, newVersion: 'carried' },
    ],
    ['two predictors', { target: { seldonDeployment: deployment } }],
    ['two candidates', { target: { seldonExperiment: { ...experiment, stable: 'iris' } } }],
    ['one candidate', { target: { seldonExperiment: experiment } }],
    ['two versions', { ...kserve, versions: { canary: 'v2', stable: 'v1' } }],
    ['one version', { ...kserve, versions: { canary: 'v2' } }],
    ['stages', { ...kserve, stages: [{ percent: 20, confidence: 0.9 }, { percent: 100 }] }],
  ] as const
).map(of('taken'));

const refused = (
  [
    ['a window that is too short', { ...kserve, window: '30s' }],
    ['a window that is a little too short', { ...kserve, window: '59999ms' }],
    ['a window in minutes that is too short', { ...kserve, window: '0.9m' }],
    ['a window in seconds that is too short', { ...kserve, window: 59 }],
    ['a window of nothing', { ...kserve, window: '0' }],
    ['no time to be ready', { ...kserve, readyLimit: 0 }],
    ['hardly any time to be ready', { ...kserve, readyLimit: '999ms' }],
    ['no time to be confirmed', { ...kserve, confirmLimit: '0ms' }],
    ['a time below zero', { ...kserve, stabilisation: -300 }],
    ['a time below zero in words', { ...kserve, undecidedLimit: '-5m' }],
    [
      'a time below zero at a stage',
      { ...kserve, stages: [{ percent: 5, stabilisation: -1 }, { percent: 100 }] },
    ],
    ['a time without a unit', { ...kserve, stabilisation: '300' }],
    ['two versions that are one', { ...kserve, versions: { canary: 'v1', stable: 'v1' } }],
    ['a carried model that is not there', { ...kserve, newVersion: 'carried' }],
    [
      'a carried predictor that is not there',
      { target: { seldonDeployment: deployment }, newVersion: 'carried' },
    ],
    [
      'a carried candidate, which there cannot be',
      { target: { seldonExperiment: experiment }, newVersion: 'carried' },
    ],
    ['a model that would not be used', { ...carried, newVersion: 'awaited' }],
    [
      'a predictor that would not be used',
      { target: { seldonDeployment: { ...deployment, newPredictor: { graph: {} } } }, newVersion: 'awaited' },
    ],
    ['a model of nothing', { target: { kserve: { name: 'm', newModel: {} } } }],
    ['one predictor twice', { target: { seldonDeployment: { ...deployment, stable: 'new' } } }],
    ['one candidate twice', { target: { seldonExperiment: { ...experiment, stable: 'iris2' } } }],
    ['no target', { target: {} }],
    ['two targets', { target: { ...kserve.target, seldonExperiment: experiment } }],
    ['stages that fall', { ...kserve, stages: [{ percent: 50 }, { percent: 20 }, { percent: 100 }] }],
    ['one stage', { ...kserve, stages: [{ percent: 100 }] }],
    ['stages that do not end', { ...kserve, stages: [{ percent: 10 }, { percent: 50 }] }],
    ['a confidence of one', { ...kserve, stages: [{ percent: 10, confidence: 1 }, { percent: 100 }] }],
    ['one id twice', { ...kserve, commands: [1, 2].map(() => ({ id: 'a', kind: 'pause' })) }],
    ['a run of zero', { ...kserve, run: 0 }],
  ] as const
).map(of('refused'));

const canonical = (
  [
    ['parts of a second as a number', { ...kserve, stabilisation: 90.5 }],
    ['stages as percentages', { ...kserve, stages: [10, 100] }],
    [
      'a confidence as a percentage',
      { ...kserve, stages: [{ percent: 10, confidence: '95%', stabilisation: 0.5 }, { percent: 100 }] },
    ],
    ['numbers as texts', { ...kserve, run: '2', stages: [{ percent: '10' }, '100'] }],
    ['a time in another way', { ...kserve, window: ' +1e2m', readyLimit: `${' '.repeat(30)}5m` }],
  ] as const
).map(of('canonical'));

/** Every case in which an API server and the parser might think otherwise of one spec. */
export const writtenSpecs: readonly WrittenSpec[] = [...taken, ...refused, ...canonical];

export function rolloutOf(spec: Readonly<Record<string, unknown>>, name = 'm') {
  return {
    apiVersion: 'ml-verdict.io/v1alpha1',
    kind: 'ModelRollout',
    metadata: { name, namespace: 'admission' },
    spec,
  };
}
