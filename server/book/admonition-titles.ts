/** Docusaurus's own admonitions (@docusaurus/mdx-loader 3.10, remark/admonitions). */
export const admonitions = [
  'secondary',
  'info',
  'success',
  'danger',
  'note',
  'tip',
  'warning',
  'important',
  'caution',
];

const titled = new RegExp(`^((?:> ?)*\\s*:{3,}(?:${admonitions.join('|')})) +(.*)$`);
const codeBlockFence = /^ *(?:`{3,4}) *mdx-code-block$/;
const closingFence = /^ *`{3,4}$/;

export type Prepared = {
  text: string;
  /** Original lines by 0-based number, where they were changed. */ changed: Map<number, string>;
};

/**
 * The two rewrites Docusaurus makes before it parses: `:::note Title` becomes `:::note[Title]`, and the fences of
 * `mdx-code-block` go. Lines keep their numbers, so that code that only looks so can be restored.
 */
export function prepareMarkdown({
  text,
  admonitionTitles,
}: {
  text: string;
  admonitionTitles: boolean;
}): Prepared {
  const changed = new Map<number, string>();
  if (!text.includes(':::') && !text.includes('mdx-code-block')) return { text, changed };
  let unwrapping = false;
  const lines = text.split('\n').map((line, number) => {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    const next = rewritten(bare);
    if (next === bare) return line;
    changed.set(number, bare);
    return next;
  });
  return { text: lines.join('\n'), changed };

  function rewritten(line: string): string {
    if (codeBlockFence.test(line) || (unwrapping && closingFence.test(line))) {
      unwrapping = !unwrapping;
      return '';
    }
    const match = admonitionTitles ? titled.exec(line) : null;
    return match ? `${match[1]}[${match[2]}]` : line;
  }
}
