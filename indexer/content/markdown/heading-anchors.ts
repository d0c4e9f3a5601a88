import GithubSlugger from 'github-slugger';
import type { Heading, Nodes, Root } from 'mdast';
import { toString } from 'mdast-util-to-string';
import type { HeadingAnchor } from '../block.ts';
import { inlineNodeText } from './inline-text.ts';
import type { InlineContext } from './reading-context.ts';

const classicId = /\s*\{#((?:.(?!\{#|\}))*.)\}$/;
const commentId = /^#(\S+)/;

/**
 * The ids of a file's headings, as in the built page: github-slugger over all headings in document order, explicit ids
 * first (@docusaurus/mdx-loader 3.10, remark/headings). A level-1 heading consumes its slug but renders no id
 * (theme-classic, Heading). Each file has its own slugger: call this once per page and once per partial.
 */
export function headingAnchors({
  tree,
  maintainCase,
  context,
}: {
  tree: Root;
  maintainCase: boolean;
  context: InlineContext;
}): Map<Heading, HeadingAnchor> {
  const slugger = new GithubSlugger();
  const anchors = new Map<Heading, HeadingAnchor>();
  for (const heading of headingsOf(tree)) {
    const text = readableText(heading, context);
    const id = explicitId(heading) ?? slugger.slug(slugText(heading), maintainCase);
    anchors.set(heading, {
      id: heading.depth === 1 || id === '' ? null : id,
      text: text.replace(classicId, ''),
    });
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

function explicitId(heading: Heading): string | null {
  const last = heading.children.at(-1);
  const comment = last === undefined ? undefined : commentOf(last);
  const id = comment === undefined ? undefined : commentId.exec(comment.trim())?.[1];
  if (id !== undefined) return id;
  return classicId.exec(slugText(heading))?.[1]?.trim() ?? null;
}

/** The text of `{/* … *\/}` or `<!-- … -->`; undefined for a comment next to an expression. */
function commentOf(node: Heading['children'][number]): string | undefined {
  if (node.type === 'html') return /^<!--([\s\S]*)-->$/.exec(node.value)?.[1];
  if (node.type !== 'mdxTextExpression') return undefined;
  const program = node.data?.estree;
  const [comment, ...others] = program?.comments ?? [];
  return program?.body.length === 0 && others.length === 0 ? comment?.value : undefined;
}

/** The text that the slug is made from: without raw HTML, unless there is nothing else. */
function slugText(heading: Heading): string {
  const children = heading.children.filter(({ type }) => type !== 'html');
  return toString(children.length > 0 ? children : heading);
}

/** As a reader sees it: unlike the slug's text, it includes what only looks like a directive (`a:b`). */
function readableText(heading: Heading, context: InlineContext): string {
  return headingText(heading, context).replaceAll(/\s+/g, ' ').trim();
}

function headingText(node: Nodes, context: InlineContext): string {
  if (node.type === 'html') return '';
  if (node.type === 'break') return ' ';
  if (node.type === 'mdxTextExpression') return inlineNodeText(node, context);
  if (node.type === 'textDirective') return inlineNodeText(node, context);
  return 'children' in node
    ? node.children.map((child) => headingText(child, context)).join('')
    : toString(node);
}
