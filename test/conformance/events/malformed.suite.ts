import { sendMalformedEvents } from '../../server/events/malformed-events.js';

const inputs = 20_000;

describe('malformed payload events, many of them', () => {
  it(`are answered 200 or 400, ${inputs} of them, and each event comes to one result`, async function () {
    this.timeout(600_000);
    await sendMalformedEvents(inputs, 7);
  });
});
