import { histogramScenes } from './histograms.js';
import { labelScenes } from './labels.js';
import { podScenes } from './pods.js';
import { randomScenes } from './random.js';
import type { Scene } from './scene.js';
import { scrapeScenes } from './scrapes.js';

/** Every scene there is. */
export const scenes: readonly Scene[] = [
  ...podScenes,
  ...labelScenes,
  ...scrapeScenes,
  ...histogramScenes,
  ...randomScenes,
];
