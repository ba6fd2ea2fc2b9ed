import { placeholdersIn } from '../argo/placeholders.js';
import type { Rule } from '../rule.js';

export const plainToken: Rule = {
  name: 'plain-token',
  severity: 'warning',
  what: 'the token does not come from a Secret: whoever reads the manifest has it',
  of: 'metric',
  check({ metric, template }) {
    const fix = `declare an argument with valueFrom: { secretKeyRef: { name: ml-verdict-token, key: token } } and write 'Bearer {{ args.token }}'`;
    return metric.web
      .at('headers')
      .items()
      .flatMap((header) => {
        const value = header.at('value');
        const { text = '' } = value;
        if (header.at('key').text?.toLowerCase() !== 'authorization' || text.trim() === '') return [];
        const args = placeholdersIn(text).map(({ arg }) => arg);
        const fromText = template.args.find(
          (arg) => args.includes(arg.name) && arg.from === 'value' && arg.value !== '',
        );
        if (args.length > 0 && fromText === undefined) return [];
        const message =
          'the token stands in the manifest: whoever reads it, or the AnalysisRun, can ask and send in its name';
        return [{ field: fromText?.field ?? value, message, fix }];
      });
  },
};
