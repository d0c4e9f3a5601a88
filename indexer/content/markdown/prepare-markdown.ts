/** The admonitions of Docusaurus (@docusaurus/mdx-loader 3.10, remark/admonitions). */
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
  /** The lines that were rewritten, as they were, by 0-based line number. */
  originalLines: Map<number, string>;
};

/**
 * The two rewrites that Docusaurus does before it parses: `:::note Title` becomes `:::note[Title]`, and the fences of
 * `mdx-code-block` are removed. The number of lines stays the same, so that a line inside a code block can be restored.
 */
export function prepareMarkdown({
  text,
  admonitionTitles,
}: {
  text: string;
  admonitionTitles: boolean;
}): PreparedMarkdown {
  const originalLines = new Map<number, string>();
  if (!text.includes(':::') && !text.includes('mdx-code-block')) return { text, originalLines };
  let isInCodeBlock = false;
  const lines = text.split('\n').map((line, number) => {
    const original = line.endsWith('\r') ? line.slice(0, -1) : line;
    const rewritten = rewriteLine(original);
    if (rewritten === original) return line;
    originalLines.set(number, original);
    return rewritten;
  });
  return { text: lines.join('\n'), originalLines };

  function rewriteLine(line: string): string {
    if (codeBlockFence.test(line) || (isInCodeBlock && closingFence.test(line))) {
      isInCodeBlock = !isInCodeBlock;
      return '';
    }
    const match = admonitionTitles ? titledAdmonition.exec(line) : null;
    return match ? `${match[1]}[${match[2]}]` : line;
  }
}
