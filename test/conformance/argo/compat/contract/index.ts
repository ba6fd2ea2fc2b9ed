import { backgroundCases } from './background-cases.js';
import type { ContractCase } from './contract-case.js';
import { gateCases } from './gate-cases.js';
import { guardrailCases } from './guardrail-cases.js';
import { programCases } from './program-cases.js';

/** All that the templates rely on. */
export const contract: readonly ContractCase[] = [
  ...gateCases,
  ...guardrailCases,
  ...backgroundCases,
  ...programCases,
];
