import { betPicture } from './bet.js';
import { burstsPicture } from './bursts.js';
import { delayedPicture } from './delayed.js';
import { lateFaultPicture } from './late-fault.js';
import { latencyBoundsPicture } from './latency-bounds.js';
import { peekingPicture } from './peeking.js';
import type { Picture } from './picture.js';
import { proxyWidthPicture } from './proxy-width.js';
import { psiChancePicture } from './psi-chance.js';
import { readingsPicture } from './readings.js';
import { sharedIncidentPicture } from './shared-incident.js';
import { stagesPicture } from './stages.js';
import { zonePicture } from './zone.js';

export type { Picture } from './picture.js';

/** Draws all pictures of the page, in its order; the same every time. */
export function drawPictures(): readonly Picture[] {
  return [
    readingsPicture(),
    betPicture(),
    peekingPicture(),
    zonePicture(),
    lateFaultPicture(),
    latencyBoundsPicture(),
    psiChancePicture(),
    proxyWidthPicture(),
    burstsPicture(),
    sharedIncidentPicture(),
    stagesPicture(),
    delayedPicture(),
  ];
}
