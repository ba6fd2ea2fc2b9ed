/** A number without the noise that arithmetic leaves in its last digits: 869.9999999999999 is 870. */
export function cleanNumber(value: number): number {
  return Number(value.toPrecision(12));
}
