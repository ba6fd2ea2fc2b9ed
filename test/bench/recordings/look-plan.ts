/** When looks begin and end, in recorded looks since the canary's first one. A recorded look is played as one minute. */
export interface PlannedLook {
  /** The recorded look that it is the whole or a part of, from 1. */
  readonly recorded: number;
  /** Where in the recorded look it begins and ends, 0 to 1. */
  readonly from: number;
  readonly to: number;
}

/**
 * The looks of a bench: the first recorded ones are cut into equal parts, so that a judge is asked when the canary has
 * had ten requests or so, and not only after two days of flights; the others stay whole.
 *
 * @param cutLooks how many recorded looks are cut
 * @param parts into how many parts each of them is
 */
export function planLooks(looks: number, cutLooks: number, parts: number): readonly PlannedLook[] {
  return Array.from({ length: looks }, (_, index) => index + 1).flatMap((recorded) =>
    recorded > cutLooks
      ? [{ recorded, from: 0, to: 1 }]
      : Array.from({ length: parts }, (_, part) => ({
          recorded,
          from: part / parts,
          to: (part + 1) / parts,
        })),
  );
}
