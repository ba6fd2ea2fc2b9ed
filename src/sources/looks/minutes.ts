/** Looks are whole UTC minutes. */
export const minuteMs = 60_000;
