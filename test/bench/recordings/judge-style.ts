/** How a judge is drawn: colours that colour-blind readers tell apart (Okabe and Ito), dashes and marks as well. */
export interface JudgeStyle {
  readonly colour: string;
  readonly dash: string;
}

const styles: Readonly<Record<string, JudgeStyle>> = {
  evidence: { colour: '#0072b2', dash: '' },
  'evidence-default': { colour: '#56b4e9', dash: '6 3' },
  'evidence-alone': { colour: '#009e73', dash: '2 3' },
  threshold: { colour: '#d55e00', dash: '' },
  'one-minute': { colour: '#e69f00', dash: '6 3' },
  'five-strikes': { colour: '#cc79a7', dash: '' },
  'mann-whitney': { colour: '#444444', dash: '2 3' },
  'mann-whitney-critical': { colour: '#000000', dash: '' },
};

export function styleOf(judge: string): JudgeStyle {
  return styles[judge] ?? { colour: '#888888', dash: '' };
}
