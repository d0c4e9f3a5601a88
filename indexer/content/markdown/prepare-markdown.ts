/** Docusaurus's own admonitions (@docusaurus/mdx-loader 3.10, remark/admonitions). */
export const admonitionKinds = [
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

const titledAdmonition = new RegExp(`^((?:> ?)*\\s*:{3,}(?:${admonitionKinds.join('|')})) +(.*)$`);
const codeBlockFence = /^ *(?:`{3,4}) *mdx-code-block$/;
const closingFence = /^ *`{3,4}$/;

export type PreparedMarkdown = {
  text: string;
  /** Original lines by 0-based number, where they were changed. */ originalLines: Map<number, string>;
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
}): PreparedMarkdown {
  const changed = new Map<number, string>();
  if (!text.includes(':::') && !text.includes('mdx-code-block')) return { text, originalLines: changed };
  let unwrapping = false;
  const lines = text.split('\n').map((line, number) => {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line;
    const next = rewritten(bare);
    if (next === bare) return line;
    changed.set(number, bare);
    return next;
  });
  return { text: lines.join('\n'), originalLines: changed };

  function rewritten(line: string): string {
    if (codeBlockFence.test(line) || (unwrapping && closingFence.test(line))) {
      unwrapping = !unwrapping;
      return '';
    }
    const match = admonitionTitles ? titledAdmonition.exec(line) : null;
    return match ? `${match[1]}[${match[2]}]` : line;
  }
}
