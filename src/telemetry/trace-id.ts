/** `traceparent` of W3C Trace Context: version, trace id, id of the caller's span, flags. */
const traceparent = /^(?!ff)[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}(?:-|$)/;

/** The trace id of a `traceparent` header; undefined where there is none, or none that the standard allows. */
export function traceIdFrom(given: string | readonly string[] | undefined): string | undefined {
  return typeof given === 'string' ? traceparent.exec(given)?.[1] : undefined;
}
