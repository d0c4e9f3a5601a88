import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The words of a generated book, each unique, to detect lost and duplicated text. */
export type GeneratedWords = {
  once: Set<string>;
  /** Words of table headers, which long tables repeat. */
  headers: Set<string>;
};

/** Writes a Docusaurus site of `pages` pages with every kind of content; the same seed gives the same book. */
export async function generateBook({
  dir,
  pages,
  seed = 1,
}: {
  dir: string;
  pages: number;
  seed?: number;
}): Promise<GeneratedWords> {
  const generated: GeneratedWords = { once: new Set(), headers: new Set() };
  let state = seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  let count = 0;
  const word = (into = generated.once): string => {
    const unique = `w${(count += 1).toString(36)}q`;
    into.add(unique);
    return unique;
  };
  const words = (most: number): string => Array.from({ length: 3 + below(most) }, () => word()).join(' ');
  const paragraph = (): string =>
    `${words(30)}, ${words(30)}. **${word()}** and \`${word()}\`, [${word()}](./x.md). ${words(20)}.`;
  const piece: (() => string)[] = [
    paragraph,
    paragraph,
    paragraph,
    () => Array.from({ length: 2 + below(6) }, () => `- ${words(15)}`).join('\n'),
    () => `1. ${words(9)}\n\n   ${words(9)}\n2. ${words(9)}\n   - ${words(5)}`,
    () => `:::note ${word()}\n\n${paragraph()}\n\n- ${words(4)}\n\n:::`,
    () =>
      `\`\`\`js title="${word()}"\n# ${word()}\n${Array.from({ length: 1 + (below(6) ? below(12) : below(120)) }, () => `const ${word()} = 1;${below(9) ? '' : '\n'}`).join('\n')}\n\`\`\``,
    () => {
      const header = `| ${word(generated.headers)} | ${word(generated.headers)} |\n| --- | --- |`;
      return `${header}\n${Array.from({ length: 1 + (below(6) ? below(6) : below(80)) }, () => `| ${words(5)} | ${words(3)} |`).join('\n')}`;
    },
    () =>
      `<Tabs>\n<TabItem value="x" label="${word()}">\n\n${paragraph()}\n\n</TabItem>\n<TabItem value="y" label="${word()}">\n\n${words(9)}\n\n</TabItem>\n</Tabs>`,
    () => `<details>\n<summary>${word()}</summary>\n\n${paragraph()}\n\n</details>`,
    () => `> ${words(20)}\n>\n> ${words(20)}`,
    () => `${words(5)} ![${word()}](./x.png) <b>${word()}</b>`,
  ];
  await mkdir(join(dir, 'docs'), { recursive: true });
  await writeFile(
    join(dir, 'docusaurus.config.js'),
    "export default { title: 'Generated', url: 'https://x.example.com', baseUrl: '/', presets: [['classic', {}]] };\n",
  );
  for (let page = 0; page < pages; page++) {
    const sections = Array.from({ length: 1 + below(4) }, (_, at) => {
      const body = Array.from({ length: 1 + below(3) }, () => piece[below(piece.length)]!()).join('\n\n');
      return `${'#'.repeat(2 + below(3))} Section ${page}-${at}\n\n${body}`;
    });
    const folder = join(dir, 'docs', `${String((page % 20) + 1).padStart(2, '0')}-part`);
    if (page < 20) await mkdir(folder, { recursive: true });
    await writeFile(
      join(folder, `page-${page}.mdx`),
      `# Page ${page}\n\n${paragraph()}\n\n${sections.join('\n\n')}\n`,
    );
  }
  return generated;
}
