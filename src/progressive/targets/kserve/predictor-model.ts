import { isRecord } from '../../cluster/read-object.js';
import { containerIdentity } from '../container-identity.js';
import { listAt, without } from '../json-at.js';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of the old style, each of which KServe moves to `model` when the resource is written. */
const frameworks = [
  'sklearn',
  'xgboost',
  'tensorflow',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
] as const;

/** What KServe's webhook calls the container of a model. */
export const containerName = 'kserve-container';

/** A predictor with its model under `model`, however it is spelled, and without what the webhook fills in there. */
export function normalisedPredictor(predictor: Fields): Fields {
  const framework = frameworks.find((name) => isRecord(predictor[name]));
  const old = framework === undefined ? undefined : predictor[framework];
  const model =
    framework !== undefined && isRecord(old) && !isRecord(predictor['model'])
      ? { modelFormat: { name: framework }, ...old }
      : predictor['model'];
  if (!isRecord(model)) return predictor;
  const filledIn = [
    'resources',
    ...(model['name'] === containerName ? ['name'] : []),
    ...(model['protocolVersion'] === 'v1' ? ['protocolVersion'] : []),
  ];
  return {
    ...(framework === undefined ? predictor : without(predictor, framework)),
    model: without(model, ...filledIn),
  };
}

/** What a predictor serves: its model or its containers, with their files; not how many of them, on what, or who may find them. */
export function servedModel(predictor: Fields): unknown {
  const { model } = normalisedPredictor(predictor);
  return [
    containerIdentity(model),
    listAt(predictor, 'containers').map(containerIdentity),
    listAt(predictor, 'initContainers').map(containerIdentity),
    listAt(predictor, 'volumes'),
    // Where one model runs on several nodes.
    listAt(predictor, 'workerSpec', 'containers').map(containerIdentity),
  ];
}
