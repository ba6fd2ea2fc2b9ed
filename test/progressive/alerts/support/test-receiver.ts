import type { AlertMessage, AlertReceiver, Delivery } from '../../../../src/progressive/alerts/index.js';
import type { Severity } from '../../../../src/progressive/alerts/index.js';

type Answer = Delivery | Promise<Delivery>;

/** A receiver that answers what a test wants and remembers what it was sent. */
export class TestReceiver implements AlertReceiver {
  readonly kind = 'webhook';
  readonly name: string;
  readonly minimumSeverity: Severity;
  readonly sent: AlertMessage[] = [];
  isClosed = false;
  answer: (message: AlertMessage, signal: AbortSignal) => Answer = () => ({ kind: 'delivered' });

  constructor(name = 'ops', minimumSeverity: Severity = 'info') {
    this.name = name;
    this.minimumSeverity = minimumSeverity;
  }

  get keys(): readonly string[] {
    return this.sent.map(({ alert }) => alert.key);
  }

  async deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery> {
    this.sent.push(message);
    return await this.answer(message, signal);
  }

  close(): void {
    this.isClosed = true;
  }
}
