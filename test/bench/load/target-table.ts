import { availableParallelism, cpus, loadavg } from 'node:os';
import { plainTable } from '../../../src/cli/output/verdict-table.js';

/** A figure beside what is wanted of it. */
export interface Target {
  readonly what: string;
  readonly unit: string;
  readonly figure: number;
  readonly wanted: number;
  /** Whether the figure has to be at least, or at most, what is wanted. */
  readonly is: 'at least' | 'at most';
}

/** Which targets are met, and by how much the others are missed. */
export function targetTable(targets: readonly Target[]): string {
  return plainTable(
    ['WHAT', 'MEASURED', 'WANTED', ''],
    targets.map((target) => [
      target.what,
      `${rounded(target.figure)} ${target.unit}`,
      `${target.is} ${rounded(target.wanted)} ${target.unit}`,
      told(target),
    ]),
  );
}

function told({ figure, wanted, is, unit }: Target): string {
  const missedBy = is === 'at least' ? wanted - figure : figure - wanted;
  if (Number.isNaN(missedBy)) return 'not measured';
  return missedBy <= 0 ? 'met' : `missed by ${rounded(missedBy)} ${unit}`;
}

function rounded(value: number): string {
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en-US');
  return Number(value.toPrecision(3)).toString();
}

/** On what a figure was measured, and how busy it was with other things. */
export function machine(): string {
  const load = loadavg()
    .map((average) => average.toFixed(1))
    .join(', ');
  const [processor] = cpus();
  return `Node.js ${process.version}, ${processor?.model ?? 'unknown processor'}, ${availableParallelism()} of them; load average ${load}`;
}
