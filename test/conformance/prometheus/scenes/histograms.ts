/** Request times in the forms in which servers show them. */
import { defaultExposure, type Exposure } from '../../../support/prometheus/exposure.js';
import { canaryPod, newLife, oldStablePod, type Scene } from './scene.js';

/** Pods of both arms that show request times in one way each. */
function podsWith(stable: Exposure['latency'], canary: Exposure['latency']): Scene['pods'] {
  return [
    oldStablePod('10.0.0.1:80', { exposure: { ...defaultExposure, latency: stable } }),
    canaryPod('10.0.0.2:80', [newLife(4, 130), newLife(132)], {
      exposure: { ...defaultExposure, latency: canary },
    }),
  ];
}

const native = { kind: 'native', schema: 3 } as const;
const milliseconds = { kind: 'classic', unit: 'ms', bounds: ['5', '10', '35', '70', '100', '1000'] } as const;

export const histogramScenes: readonly Scene[] = [
  {
    id: 'milliseconds',
    when: 'request times are in milliseconds',
    minutes: 4,
    pods: podsWith(milliseconds, milliseconds),
    queries: (usual) => ({
      ...usual,
      signals: {
        ...usual.signals,
        latency: {
          kind: 'buckets',
          metric: 'http_request_duration_milliseconds',
          form: 'classic',
          unit: 'ms',
          where: usual.signals.requests.plus.where,
        },
      },
    }),
  },
  {
    id: 'other-bounds',
    when: 'the arms have different bounds: those that both have',
    minutes: 4,
    latencyBoundsMs: [10, 70, 100, 1000],
    pods: podsWith(
      { kind: 'classic', unit: 's', bounds: ['0.005', '0.01', '0.035', '0.07', '0.1', '1', '5'] },
      { kind: 'classic', unit: 's', bounds: ['0.01', '0.024', '0.07', '0.1', '0.2', '1.0', '10.0'] },
    ),
  },
  {
    id: 'other-bound-texts',
    when: 'the same bounds are written in different ways',
    minutes: 4,
    latencyBoundsMs: [70, 1000, 2500, 10_000],
    pods: podsWith(
      { kind: 'classic', unit: 's', bounds: ['0.07', '1', '2.5', '10'] },
      { kind: 'classic', unit: 's', bounds: ['0.070', '1.0', '2.50', '1e+01'] },
    ),
  },
  {
    id: 'summary',
    when: 'request times are quantiles that the pods computed: nothing can be counted there',
    minutes: 4,
    latencyBoundsMs: 'none',
    pods: podsWith({ kind: 'summary' }, { kind: 'summary' }),
    queries: (usual) => ({
      ...usual,
      signals: {
        ...usual.signals,
        latency: {
          kind: 'summary',
          metric: 'http_request_duration_seconds',
          unit: 's',
          where: usual.signals.requests.plus.where,
        },
      },
    }),
  },
  {
    id: 'native-histograms',
    when: 'request times are native histograms',
    minutes: 5,
    servers: ['prometheus'],
    latencyBoundsMs: 'as-answered',
    pods: podsWith(native, native),
    queries: (usual) => ({
      ...usual,
      signals: {
        ...usual.signals,
        latency: {
          kind: 'buckets',
          metric: 'http_request_duration_seconds',
          form: 'native',
          unit: 's',
          where: usual.signals.requests.plus.where,
        },
      },
    }),
  },
];
