import { formatPercent, trimNumber } from '../../domain/units.js';
import {
  gTest,
  jensenShannonDistance,
  largestCumulativeDifference,
  wassersteinDistance,
} from '../../statistics/histogram-distances.js';
import { plainShares, psiContribution } from '../../statistics/population-stability-index.js';
import type { DriftBins } from './drift-bins.js';
import type { DriftDispersion } from './drift-dispersion.js';
import type { DriftEvidence, DriftFigures } from './drift-statistics.js';
import type { UnseenLabels } from './unseen-labels.js';

const shownBins = 3;

/** A contribution to the PSI below which no bin is said to have moved. */
const smallestMove = 1e-6;

interface BinChange {
  readonly bin: string;
  readonly canary: number;
  readonly stable: number;
  readonly contribution: number;
  /** `scores above 0.8 went from 7 % to 21 %` */
  readonly text: string;
}

/** The bins that add most to the PSI. Shares are the plain ones; contributions are those of the smoothed. */
function topBins(figures: DriftFigures, bins: DriftBins): readonly BinChange[] {
  const canary = plainShares(figures.canaryCounts);
  const stable = plainShares(figures.stableCounts);
  return figures.binIndexes
    .map((j, i) => {
      const [now, then] = [canary[i] ?? 0, stable[i] ?? 0];
      return {
        bin: bins.names[j] ?? '',
        canary: now,
        stable: then,
        contribution: psiContribution(figures.canaryShares[i] ?? 0, figures.stableShares[i] ?? 0),
        text: `${binWords(bins, j)} ${movement({ canary: now, stable: then })}`,
      };
    })
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, shownBins);
}

type Shares = Pick<BinChange, 'canary' | 'stable'>;

/** How many digits tell the shares of a bin apart; undefined where that takes more than anybody reads. */
function tellingDigits({ canary, stable }: Shares): number | undefined {
  return [2, 3, 4].find((digits) => formatPercent(stable, digits) !== formatPercent(canary, digits));
}

/** Smoothing can make a bin contribute that has the same share in both. */
function hasMoved(shares: Shares): boolean {
  return tellingDigits(shares) !== undefined;
}

/** `went from 7 % to 21 %` */
function movement(shares: Shares): string {
  const digits = tellingDigits(shares);
  return digits === undefined
    ? `stayed at ${formatPercent(shares.canary, 2)}`
    : `went from ${formatPercent(shares.stable, digits)} to ${formatPercent(shares.canary, digits)}`;
}

/** A bin as a person would say it: `scores above 0.8`, `scores from 0.2 to 0.5`, `"cat"`. */
function binWords(bins: DriftBins, index: number): string {
  if (bins.edges === undefined) {
    const name = bins.names[index] ?? '';
    return index === bins.names.length - 1 && name === 'other' ? 'other labels' : `"${name}"`;
  }
  const edge = (value: number | undefined) => trimNumber(value ?? NaN, 6);
  const [lower, upper] = [bins.edges[index - 1], bins.edges[index]];
  if (lower === undefined && upper === undefined) return 'all scores';
  if (lower === undefined) return `scores up to ${edge(upper)}`;
  return upper === undefined ? `scores above ${edge(lower)}` : `scores from ${edge(lower)} to ${edge(upper)}`;
}

/** What moved most, for the sentence; empty where nothing did. */
export function movedMost(figures: DriftFigures, bins: DriftBins): string {
  const [most] = topBins(figures, bins);
  return most === undefined || most.contribution < smallestMove || !hasMoved(most) ? '' : `; ${most.text}`;
}

/** The numbers behind a drift verdict; everything beside the PSI is context, none of it decides. */
export function driftDetails(
  figures: DriftFigures,
  evidence: DriftEvidence,
  bins: DriftBins,
  dispersion: DriftDispersion,
  unseen: UnseenLabels | undefined,
): Readonly<Record<string, unknown>> {
  const p = plainShares(figures.canaryCounts);
  const q = plainShares(figures.stableCounts);
  const edges = bins.edges;
  return {
    topBins: topBins(figures, bins),
    psi: figures.psi,
    psiRaw: Number.isFinite(figures.psiRaw) ? figures.psiRaw : null,
    psiCorrected: figures.psiCorrected,
    jensenShannon: jensenShannonDistance(p, q),
    ...(edges === undefined
      ? {}
      : {
          largestCumulativeDifference: largestCumulativeDifference(p, q),
          ...(edges.length < 2
            ? {}
            : {
                wasserstein: wassersteinDistance(
                  onAllBins(p, figures, bins),
                  onAllBins(q, figures, bins),
                  edges,
                ),
              }),
        }),
    gTest: gTest(figures.canaryCounts, figures.stableCounts),
    ...(unseen === undefined ? {} : { unseenLabels: unseen }),
    sizeEvidence: evidence.sizeEvidence,
    differenceEvidence: evidence.differenceEvidence,
    effectiveStable: Number.isFinite(figures.effectiveStable) ? figures.effectiveStable : null,
    samplingScale: figures.scale,
    variance: figures.variance,
    dispersion: dispersion.value,
    dispersionBefore: dispersion.before ?? null,
    dispersionOfDifference: dispersion.paired ?? null,
    independenceChecked: independenceChecked(dispersion),
    bins: figures.binIndexes.map((j) => bins.names[j] ?? ''),
  };
}

/** Whether anything is known of how predictions vary from look to look. */
export function independenceChecked({ before, paired }: DriftDispersion): boolean {
  return before !== undefined || paired !== undefined;
}

/** Shares on all bins, with 0 for those that are empty in both arms. */
function onAllBins(shares: readonly number[], figures: DriftFigures, bins: DriftBins): readonly number[] {
  return bins.names.map((_, j) => {
    const i = figures.binIndexes.indexOf(j);
    return i < 0 ? 0 : (shares[i] ?? 0);
  });
}
