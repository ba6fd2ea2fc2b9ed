/** What became of a payload event, each of which has one result. */
export const eventResults = {
  counted: 'a response whose prediction is counted, or feedback',
  unread: 'a response that is counted as a request without a prediction, since none could be read from it',
  paired: 'a request whose response is counted',
  unanswered: 'a request that is counted as an error, since no response came',
  unpaired:
    'a request or response that is not counted, since the other half of its call was lost or came too late',
  ignored: 'not an inference (a health check), or a request where only responses are counted',
  duplicate: 'came before',
  shed: 'taken and not looked at: there was too much to do',
  lost: 'counted, but the ledger did not take it in time',
  refused: 'read, but the model has too many names already',
  invalid: 'not an event of a payload logger; answered with 400',
  denied: 'the sender is not let in; answered with 401, 403 or 429',
  broken: 'its body did not arrive to the end',
} as const;

export type EventResult = keyof typeof eventResults;
