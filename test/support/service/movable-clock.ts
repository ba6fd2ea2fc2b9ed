/**
 * Loaded ahead of the program, it lets a test move the clock that the whole process reads: by the message
 * `{ moveClockMs }`, which is answered with the time it is then.
 */

const RealDate = Date;
let movedMs = 0;

class MovedDate extends RealDate {
  constructor(...given: ConstructorParameters<DateConstructor> | []) {
    if (given.length === 0) super(MovedDate.now());
    else super(...given);
  }

  static override now(): number {
    return RealDate.now() + movedMs;
  }
}

globalThis.Date = MovedDate as DateConstructor;

process.on('message', ({ moveClockMs }: { readonly moveClockMs: number }) => {
  movedMs += moveClockMs;
  process.send?.({ nowMs: MovedDate.now() });
});
// Waiting for messages must not keep a process alive that has stopped.
process.channel?.unref();
