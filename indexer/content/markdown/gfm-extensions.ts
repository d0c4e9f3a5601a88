import type { Extension as MdastExtension } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import type { Construct, ConstructRecord, Extension } from 'micromark-util-types';

/** An address that may stand in a text as it is; not one in the brackets of a link or in an attribute. */
const bareUrl = /(?<!\]\(|=["'])https?:|www\./i;
const email = /[\w.+-]@[\w-]/;

/** Constructs by name, with what a text has where they occur. */
const signs: readonly (readonly [construct: string, sign: RegExp])[] = [
  ['emailAutolink', email],
  ['table', /\|/],
  ['strikethrough', /~/],
];

const syntax = gfm();
const mdast = gfmFromMarkdown();

/**
 * GitHub's extensions to Markdown without those that a text has no sign of. That of e-mail addresses is tried at every letter:
 * without it, a page is parsed in two thirds of the time.
 */
export function gfmExtensions(text: string): { syntax: Extension; mdast: MdastExtension[] } {
  const missing = new Set(signs.flatMap(([name, sign]) => (sign.test(text) ? [] : [name])));
  const hasAutolinks = bareUrl.test(text) || !missing.has('emailAutolink');
  return {
    syntax: missing.size === 0 ? syntax : without(missing),
    mdast: hasAutolinks ? mdast : mdast.filter(({ enter }) => enter?.['literalAutolink'] === undefined),
  };
}

function without(names: ReadonlySet<string>): Extension {
  const kept = (construct: Construct): boolean => !names.has(construct.name ?? '');
  const record = (constructs: ConstructRecord | undefined): ConstructRecord =>
    Object.fromEntries(
      Object.entries(constructs ?? {}).map(([code, each]) => [code, [each ?? []].flat().filter(kept)]),
    );
  const { insideSpan } = syntax;
  return {
    ...syntax,
    text: record(syntax.text),
    flow: record(syntax.flow),
    ...(names.has('strikethrough') ? { insideSpan: {}, attentionMarkers: {} } : { insideSpan }),
  };
}
