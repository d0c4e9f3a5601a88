import type { Section } from '../../server/collection/section.ts';
import { estimateTokens } from './embedding-cost.ts';

/**
 * Describes the progress after each batch: pages, tokens and, extrapolated from the pace so far, the remaining time.
 * A page counts once its last section is written.
 */
export function createProgressNotes(request: {
  /** Iterated twice. */
  sections: Iterable<Pick<Section, 'source' | 'title' | 'headings' | 'content'>>;
  now: () => number;
}): {
  after(written: readonly Section[]): string;
} {
  const { sections, now } = request;
  const sectionsLeft = new Map<string, number>();
  for (const { source } of sections) sectionsLeft.set(source, (sectionsLeft.get(source) ?? 0) + 1);
  const total = { pages: sectionsLeft.size, tokens: estimateTokens(sections) };
  const startedAt = now();
  let tokens = 0;
  return {
    after(written) {
      for (const { source } of written) {
        const left = (sectionsLeft.get(source) ?? 1) - 1;
        if (left === 0) sectionsLeft.delete(source);
        else sectionsLeft.set(source, left);
      }
      // The estimate of each batch is rounded up, so their sum may exceed the total.
      tokens = Math.min(total.tokens, tokens + estimateTokens(written));
      const remainingMs = tokens === 0 ? 0 : ((now() - startedAt) * (total.tokens - tokens)) / tokens;
      const pages = `${total.pages - sectionsLeft.size} of ${total.pages} pages`;
      return `sections; ${pages}, ${formatCount(tokens)} of ${formatCount(total.tokens)} tokens${timeLeft(remainingMs)}`;
    },
  };
}

/** Empty below ten seconds. */
function timeLeft(milliseconds: number): string {
  if (milliseconds < 10_000) return '';
  const isShort = milliseconds < 90_000;
  return `, about ${isShort ? `${Math.ceil(milliseconds / 10_000) * 10} s` : `${Math.ceil(milliseconds / 60_000)} min`} left`;
}

function formatCount(number: number): string {
  return number.toLocaleString('en-US');
}
