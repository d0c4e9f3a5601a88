import GithubSlugger from 'github-slugger';
import type { Heading, Root } from 'mdast';
import { toString } from 'mdast-util-to-string';

export type Anchor = { /** Null where the built page has none. */ id: string | null; text: string };

const classicId = /\s*\{#((?:.(?!\{#|\}))*.)\}$/;
const commentId = /^#(\S+)/;

/**
 * The ids of a file's headings as the built page has them: github-slugger over all headings in document order,
 * explicit ids first (@docusaurus/mdx-loader 3.10, remark/headings). A level-1 heading takes its slug and shows
 * no id (theme-classic, Heading). Each file has its own slugger: call it once for a page and once for a partial.
 */
export function headingAnchors({
  tree,
  maintainCase,
}: {
  tree: Root;
  maintainCase: boolean;
}): Map<Heading, Anchor> {
  const slugger = new GithubSlugger();
  const anchors = new Map<Heading, Anchor>();
  for (const heading of headingsOf(tree)) {
    const { id, text } = explicitId(heading) ?? sluggedId(heading, slugger, maintainCase);
    anchors.set(heading, { id: heading.depth === 1 || id === '' ? null : id, text });
  }
  return anchors;
}

function headingsOf(node: { children: readonly unknown[] }): Heading[] {
  return node.children.flatMap((child): Heading[] => {
    const { type } = child as { type: string };
    if (type === 'heading') return [child as Heading];
    return hasChildren(child) ? headingsOf(child) : [];
  });
}

function hasChildren(node: unknown): node is { children: readonly unknown[] } {
  return typeof node === 'object' && node !== null && 'children' in node && Array.isArray(node.children);
}

function explicitId(heading: Heading): { id: string; text: string } | null {
  const last = heading.children.at(-1);
  const comment = last === undefined ? undefined : commentOf(last);
  const id = comment === undefined ? undefined : commentId.exec(comment.trim())?.[1];
  if (id !== undefined)
    return { id, text: toString({ ...heading, children: heading.children.slice(0, -1) }).trim() };
  const whole = slugText(heading);
  const classic = classicId.exec(whole);
  if (!classic) return null;
  return { id: (classic[1] as string).trim(), text: readable(heading).replace(classicId, '') };
}

/** The one comment that stands in braces or between HTML marks; one beside an expression does not count. */
function commentOf(node: Heading['children'][number]): string | undefined {
  if (node.type === 'html') return /^<!--([\s\S]*)-->$/.exec(node.value)?.[1];
  if (node.type !== 'mdxTextExpression') return undefined;
  const program = node.data?.estree;
  const [comment, ...others] = program?.comments ?? [];
  return program?.body.length === 0 && others.length === 0 ? comment?.value : undefined;
}

function sluggedId(
  heading: Heading,
  slugger: GithubSlugger,
  maintainCase: boolean,
): { id: string; text: string } {
  return { id: slugger.slug(slugText(heading), maintainCase), text: readable(heading) };
}

/** What the slug is made of: raw HTML does not count, unless there is nothing else. */
function slugText(heading: Heading): string {
  const children = heading.children.filter(({ type }) => type !== 'html');
  return toString(children.length > 0 ? children : heading);
}

function readable(heading: Heading): string {
  return toString(heading.children.filter(({ type }) => type !== 'html' && type !== 'mdxTextExpression'))
    .replaceAll(/\s+/g, ' ')
    .trim();
}
