import type { Rule } from '../rule.js';

export const dryRunGate: Rule = {
  name: 'dry-run-gate',
  severity: 'warning',
  what: 'all metrics of ml-verdict are dry runs: its verdicts decide nothing',
  of: 'use',
  check(use) {
    if (!use.asksVerdict || use.gates.length > 0) return [];
    return [
      {
        field: use.dryRuns.length > 0 ? use.field.at('dryRun') : use.field,
        message:
          'every metric that asks ml-verdict is a dry run: its verdicts are shown, and a rollback verdict promotes all the same',
        fix: 'leave the gate out of dryRun once the shadow run has convinced you',
      },
    ];
  },
};
