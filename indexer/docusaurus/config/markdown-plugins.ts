import { readFileSync } from 'node:fs';
import { propertyKey } from '../../../javascript/names.ts';
import { parseSourceFile, type SourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';

const pluginSetting = /^(?:beforeDefault)?(?:remark|rehype|recma)Plugins$/i;

/** What these plugins do is done here too, or changes no text. */
const handledPlugin =
  /^(?:remark-(?:math|gfm|frontmatter|directive)|rehype-(?:katex|raw|slug|external-links|mathjax|autolink-headings))$/;

/**
 * One sentence for each remark or rehype plugin of the docs that is not run: what it adds to a page, or takes away, is
 * read as written. The configuration is searched as text, because a plugin is a function, whose value says nothing.
 */
export function markdownPluginWarnings(configFile: string): string[] {
  const file = parseSourceFile(configFile.replaceAll('\\', '/'), readFileSync(configFile, 'utf8'));
  if (file === null) return [];
  const names = file.nodes.flatMap(({ node }) =>
    node.type === 'Property' && pluginSetting.test(propertyKey(node) ?? '') && !isOfOtherContent(file, node)
      ? elementsOf(node.value).map((element) => pluginName(file, element))
      : [],
  );
  return [...new Set(names)]
    .filter((name) => name !== '' && !handledPlugin.test(name))
    .map(
      (name) => `the Markdown plugin ${name} is not run; what it adds to a page or changes in it is not read`,
    );
}

/** Blog posts and pages outside the docs are not indexed. */
function isOfOtherContent({ scopes }: SourceFile, node: Node): boolean {
  for (let parent = scopes.parentOf(node); parent !== undefined; parent = scopes.parentOf(parent))
    if (parent.type === 'Property' && /^(?:blog|pages)$/.test(propertyKey(parent) ?? '')) return true;
  return false;
}

function elementsOf(value: Node): Node[] {
  return value.type === 'ArrayExpression' ? value.elements.flatMap((element) => element ?? []) : [value];
}

/** The package or file of `plugin`, `[plugin, options]` or `require('plugin')`; of any other expression its source. */
function pluginName(file: SourceFile, node: Node): string {
  if (node.type === 'ArrayExpression') {
    const [first] = node.elements;
    return first == null ? '' : pluginName(file, first);
  }
  if (node.type === 'Literal') return String(node.value);
  const source = file.text.slice(node.start, node.end);
  const [required] = /(?<=\b(?:require|import)\(\s*['"])[^'"]+/.exec(source) ?? [];
  if (required !== undefined || node.type !== 'Identifier') return required ?? source.slice(0, 60);
  for (const origin of file.scopes.sourcesOf(node, node.name) ?? []) {
    if (origin.type === 'import') return origin.specifier;
    if (origin.type === 'expression' && origin.node.type !== 'Identifier') {
      const name = pluginName(file, origin.node);
      if (!/\s/.test(name)) return name;
    }
  }
  return node.name;
}
