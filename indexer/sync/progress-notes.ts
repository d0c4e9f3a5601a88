import type { Section } from '../../server/collection/section.ts';
import { estimateTokens } from './embedding-cost.ts';

/**
 * Says behind each batch how far it is: pages, tokens and, from its pace so far, the time that is left. A page counts
 * when its last section is written.
 */
export function createProgressNotes(request: {
  /** Looked through twice. */
  sections: Iterable<Pick<Section, 'source' | 'title' | 'headings' | 'content'>>;
  now: () => number;
}): {
  after(written: readonly Section[]): string;
} {
  const { sections, now } = request;
  const open = new Map<string, number>();
  for (const { source } of sections) open.set(source, (open.get(source) ?? 0) + 1);
  const total = { pages: open.size, tokens: estimateTokens(sections) };
  const startedAt = now();
  let tokens = 0;
  return {
    after(written) {
      for (const { source } of written) {
        const left = (open.get(source) ?? 1) - 1;
        if (left === 0) open.delete(source);
        else open.set(source, left);
      }
      // Each batch is rounded up.
      tokens = Math.min(total.tokens, tokens + estimateTokens(written));
      const rest = tokens === 0 ? 0 : ((now() - startedAt) * (total.tokens - tokens)) / tokens;
      const pages = `${total.pages - open.size} of ${total.pages} pages`;
      return `sections; ${pages}, ${formatCount(tokens)} of ${formatCount(total.tokens)} tokens${timeLeft(rest)}`;
    },
  };
}

/** Below ten seconds nobody needs to be told. */
function timeLeft(milliseconds: number): string {
  if (milliseconds < 10_000) return '';
  const isShort = milliseconds < 90_000;
  return `, about ${isShort ? `${Math.ceil(milliseconds / 10_000) * 10} s` : `${Math.ceil(milliseconds / 60_000)} min`} left`;
}

function formatCount(number: number): string {
  return number.toLocaleString('en-US');
}
