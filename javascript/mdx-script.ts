import { blankExcept } from './inline-scripts.ts';

/**
 * The imports, exports and elements of an MDX page that are paragraphs of their own; everything else is blank, so
 * offsets are those of the page.
 */
export function mdxScript(text: string): string {
  const withoutSamples = text.replaceAll(/^([`~]{3,})[^\n]*\n[\s\S]*?^\1[`~]*[ \t]*$|`[^`\n]+`/gm, (sample) =>
    sample.replaceAll(/[^\n]/g, ' '),
  );
  const paragraphs = [
    ...withoutSamples.matchAll(/(?<=^|\n[ \t]*\n)(?:import\b|export\b|<[A-Z])[\s\S]*?(?=\n[ \t]*\n|$)/g),
  ];
  return blankExcept(
    withoutSamples,
    paragraphs.map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
  );
}
