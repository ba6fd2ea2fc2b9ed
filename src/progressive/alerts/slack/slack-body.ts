import type { AlertMessage } from '../alert-message.js';
import { alertText } from '../texts/alert-text.js';
import { slackText } from './slack-text.js';

/** The longest that Slack takes: of a header, of a section, of one of a section's fields. */
const longest = { header: 150, section: 3000, field: 2000, link: 2900 } as const;

/** What an incoming webhook of Slack takes: a text for notifications, and blocks for the channel. */
export interface SlackBody {
  readonly text: string;
  readonly blocks: readonly object[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

export function slackBody(message: AlertMessage): SlackBody {
  const { title, text, next } = alertText(message);
  const steps = next.map((step) => `• ${step}`).join('\n');
  const link = linkOf(message);
  return {
    text: slackText(`[${message.alert.severity}] ${title}: ${text}`, longest.section),
    blocks: [
      {
        type: 'header',
        text: { type: 'plain_text', text: slackText(title, longest.header), emoji: false },
      },
      section(slackText(text, longest.section)),
      { type: 'section', fields: fieldsOf(message) },
      ...(steps === '' ? [] : [section(slackText(steps, longest.section))]),
      ...(link === undefined ? [] : [section(link)]),
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** `verbatim`: names in a reason are no mentions of people and channels. */
function markdown(text: string): object {
  return { type: 'mrkdwn', text, verbatim: true };
}

function section(text: string): object {
  return { type: 'section', text: markdown(text) };
}

function fieldsOf({ alert, namespace, rollout, target, canary, stable }: AlertMessage): readonly object[] {
  const fields: readonly (readonly [string, string])[] = [
    ['Severity', alert.severity],
    ['Canary gets', `${alert.percent} %`],
    ['Canary', canary ?? 'not there yet'],
    ['Stable', stable ?? 'not known yet'],
    ['Target', target],
    ['Rollout', `${namespace}/${rollout}`],
    ...(alert.verdictId === null ? [] : [['Verdict', alert.verdictId] as const]),
  ];
  return fields.map(([name, value]) => markdown(slackText(`*${name}*\n${value}`, longest.field)));
}

/** A link that is too long, or would end Slack's form of one, is left away: the rest of the alert matters more. */
function linkOf({ link }: AlertMessage): string | undefined {
  if (link === null || /[|<>\s]/.test(link) || link.length > longest.link) return undefined;
  return `<${link.replaceAll('&', '&amp;')}|Read more>`;
}
