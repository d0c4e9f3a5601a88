/** The UTC day of a time in milliseconds since 1970, as `2025-11-28`. */
export function utcDay(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
