/** Characters; ten times what the model is asked for at most. A longer answer is cut. */
export const maxAnswer = 40_000;
/** Characters that are read before other requests have a turn. */
const sliceLength = 2_000;

/** A chunk in slices, as far as the answer's bound allows; later ones wait for the next turn of the event loop. */
export function slicesOf(text: string, { from }: { from: number }): { text: string; isLater: boolean }[] {
  const whole = text.slice(0, Math.max(0, maxAnswer - from));
  return Array.from({ length: Math.ceil(whole.length / sliceLength) }, (_, index) => ({
    text: whole.slice(index * sliceLength, (index + 1) * sliceLength),
    isLater: index > 0,
  }));
}
