type Write = (fields: Readonly<Record<string, unknown>>, text: string) => void;

/** Where the controller says what it does: ids, names, codes and sentences, no secret. */
export interface ControllerLog {
  readonly info: Write;
  readonly warn: Write;
  readonly error: Write;
}
