import { sendMalformedEvents } from './malformed-events.js';

const inputs = 2000;

describe('malformed payload events', () => {
  it(`are answered 200 or 400, ${inputs} of them, and each event comes to one result`, async function () {
    this.timeout(60_000);
    await sendMalformedEvents(inputs, 20_260_105);
  });
});
