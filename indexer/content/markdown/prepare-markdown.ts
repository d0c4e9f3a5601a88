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

const titledAdmonition = titledAdmonitionOf(admonitionKinds);

function titledAdmonitionOf(kinds: readonly string[]): RegExp {
  return new RegExp(`^((?:> ?)*\\s*:{3,}(?:${kinds.join('|')})) +(.*)$`);
}

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
  admonitions = [],
}: {
  text: string;
  admonitionTitles: boolean;
  /** Names of the site's own. */
  admonitions?: readonly string[];
}): PreparedMarkdown {
  const originalLines = new Map<number, string>();
  if (!text.includes(':::') && !text.includes('mdx-code-block')) return { text, originalLines };
  const rewritten = text.split('\n');
  const rewrite = (number: number, line: string): void => {
    if (!originalLines.has(number)) originalLines.set(number, rewritten[number] ?? '');
    rewritten[number] = line;
  };
  for (const number of codeBlockFences(rewritten)) rewrite(number, '');
  const own = admonitions.filter((name) => /^[\w-]+$/.test(name));
  const titled = own.length === 0 ? titledAdmonition : titledAdmonitionOf([...admonitionKinds, ...own]);
  for (const [number, line] of rewritten.entries()) {
    const match = admonitionTitles ? titled.exec(line) : null;
    if (match) rewrite(number, `${match[1]}[${match[2]}]`);
  }
  return { text: rewritten.join('\n'), originalLines };
}

/**
 * The lines that open and close a `mdx-code-block`: those of three backticks first, then those of four, each closed by
 * the next line with as many and nothing else (@docusaurus/utils 3.10, unwrapMdxCodeBlocks).
 */
function codeBlockFences(lines: readonly string[]): number[] {
  const fences: number[] = [];
  for (const fence of ['```', '````']) {
    const opening = new RegExp(`^ *${fence} *mdx-code-block\r?$`);
    const closing = new RegExp(`^ *${fence}\r?$`);
    const isClosing = (line: string, number: number): boolean =>
      closing.test(line) && !fences.includes(number);
    for (let number = 0; number < lines.length; number++) {
      if (!opening.test(lines[number] ?? '')) continue;
      const end = lines.findIndex((line, other) => other > number + 1 && isClosing(line, other));
      if (end === -1) break;
      fences.push(number, end);
      number = end;
    }
  }
  return fences;
}
