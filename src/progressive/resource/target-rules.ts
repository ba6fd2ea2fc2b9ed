/** What the API server checks itself, in its own language (CEL). */
export interface Rule {
  readonly rule: string;
  readonly message: string;
}

/** What holds between the fields of one kind of target. */
export const targetRules: Readonly<Record<string, readonly Rule[]>> = {
  seldonDeployment: [
    { rule: 'self.stable != self.canary', message: 'expected two predictors that are not the same' },
  ],
  seldonExperiment: [
    {
      rule: '!has(self.stable) || self.stable != self.canary',
      message: 'expected two candidates that are not the same',
    },
  ],
};

export const versionRules: readonly Rule[] = [
  {
    rule: '!has(self.canary) || !has(self.stable) || self.canary != self.stable',
    message: 'expected two versions that are not the same',
  },
];

const carries =
  '(has(self.target.kserve) && has(self.target.kserve.newModel) || has(self.target.seldonDeployment) && has(self.target.seldonDeployment.newPredictor))';

const newVersionIs = (name: string): string => `has(self.newVersion) && self.newVersion == '${name}'`;

/** Of the spec: where the new model comes from is where it is. */
export const newVersionRules: readonly Rule[] = [
  {
    rule: `!(${newVersionIs('carried')}) || ${carries}`,
    message: 'expected the new model in spec.target where newVersion is carried',
  },
  {
    rule: `!(${newVersionIs('awaited')}) || !${carries}`,
    message: 'expected no new model in spec.target where newVersion is awaited: it would not be used',
  },
];
