import { dottedName } from '../../../javascript/names.ts';
import { locationAt, type SourceFile } from '../../../javascript/source-file.ts';
import type { Node } from '../../../javascript/syntax-tree.ts';
import type { Project } from './parse-project.ts';
import { possibleStrings, type StringParts } from './trace/possible-strings.ts';
import { referenceTo, type Tracer } from './trace/reference.ts';
import { bestDefinition, definitionAt, definitionOfParts, type UrlDefinition } from './url-definition.ts';

/**
 * How `window.NAME` or `window.GROUP.NAME` (`name` is `GROUP.NAME`) gets its value: from a head script, from a script
 * tag that the configuration injects, or from a file of the site.
 */
export function globalDefinition(project: Project, name: string): UrlDefinition {
  const definitions = project.tracer.files.flatMap((file) =>
    project.configFiles.includes(file)
      ? assignedInTags(project, file, name)
      : assignedInScript(project, file, name),
  );
  return bestDefinition(definitions) ?? { type: 'undefined' };
}

const globalObjects = String.raw`(?:window|globalThis|self)`;

function assignedInScript(project: Project, file: SourceFile, name: string): (UrlDefinition | null)[] {
  const [group = '', field] = name.split('.');
  return file.nodes.flatMap(({ node }) => {
    if (node.type !== 'AssignmentExpression') return [];
    const spelled = dottedName(node.left);
    const target = spelled.replace(new RegExp(`^${globalObjects}\\.`), '');
    if (target === spelled || (target !== name && target !== group)) return [];
    const path = target === name || field === undefined ? [] : [{ name: field, node }];
    const assigned = definitionAt(project.tracer, referenceTo(file, node.right, path));
    return [replacedAfterBuild(project, file) ?? assigned];
  });
}

/**
 * What a plugin like the one of `addStaticFilePlugin` writes into a static file once the site is built, in place of any
 * address or of one of an origin.
 */
export function replacedAfterBuild(
  { tracer, configFiles }: Project,
  { path }: SourceFile,
  origin = '',
): UrlDefinition | null {
  const name = path.replace(/^static\//, '');
  const plugin = configFiles.find(({ text }) =>
    ['postBuild', `'${name}'`, origin].every((part) => text.includes(part)),
  );
  if (plugin === undefined) return null;
  return bestDefinition(
    plugin.nodes.flatMap(({ node }) =>
      node.type === 'MemberExpression' ? [definitionAt(tracer, referenceTo(plugin, node))] : [],
    ),
  );
}

/** From the text of a script tag in the configuration, into which expressions may be inserted. */
function assignedInTags({ tracer }: Project, file: SourceFile, name: string): (UrlDefinition | null)[] {
  return file.nodes.flatMap(({ node, parent }) => {
    const isPart = parent?.type === 'BinaryExpression';
    if (!isText(node) || isPart || !new RegExp(globalObjects).test(file.text.slice(node.start, node.end)))
      return [];
    return possibleStrings(tracer, referenceTo(file, node)).map((parts) =>
      definitionAfterName(tracer, parts, name),
    );
  });
}

const isText = (node: Node): boolean =>
  node.type === 'TemplateLiteral' ||
  (node.type === 'BinaryExpression' && node.operator === '+') ||
  (node.type === 'Literal' && typeof node.value === 'string');

/** What follows `window.NAME =` in a script, or `NAME:` after `window.GROUP =`. */
function definitionAfterName(tracer: Tracer, parts: StringParts, name: string): UrlDefinition | null {
  const [group = '', field] = name.split('.');
  // An inserted expression is written as its index between two NUL characters, which no script contains.
  const texts = parts.map((part, index) => (part.type === 'text' ? part.text : `\0${index}\0`));
  const script = texts.join('');
  const assignment = new RegExp(
    String.raw`${globalObjects}(?:\.${group}|\[['"]${group}['"]\])\s*=(?!=)\s*`,
  ).exec(script);
  if (assignment === null) return null;
  let offset = assignment.index + assignment[0].length;
  if (field !== undefined) {
    const object = insertedAt(parts, script.slice(offset));
    if (object?.type === 'unresolved') {
      const { reference } = object;
      return definitionAt(tracer, { ...reference, path: [{ name: field, node: reference.node }] });
    }
    const key = new RegExp(String.raw`^[^;]*?\b${field}['"]?\s*:\s*`).exec(script.slice(offset));
    if (key === null) return null;
    offset += key[0].length;
  }
  const inserted = insertedAt(parts, script.slice(offset));
  return inserted === null ? literalAt(parts, texts, offset) : definitionOfParts([inserted]);
}

/** The expression that a text begins with, in quotes or without; null when it begins with anything else. */
function insertedAt(parts: StringParts, text: string): StringParts[number] | null {
  // oxlint-disable-next-line no-control-regex -- the mark of an inserted expression
  const index = /^['"`]?\0(\d+)\0/.exec(text)?.[1];
  return index === undefined ? null : (parts[Number(index)] ?? null);
}

/** A URL that begins at an offset of the script: a string of its own, or in quotes inside a longer one. */
function literalAt(parts: StringParts, texts: readonly string[], offset: number): UrlDefinition | null {
  // oxlint-disable-next-line no-control-regex -- the mark of an inserted expression
  const match = /^(['"`]?)(https?:\/\/[^\s'"`;$\0]+)/.exec(texts.join('').slice(offset));
  if (match === null) return null;
  const [, quote = '', url = ''] = match;
  let rest = offset + quote.length;
  const index = texts.findIndex((text) => {
    if (rest < text.length) return true;
    rest -= text.length;
    return false;
  });
  const part = parts[index];
  if (part?.type !== 'text') return null;
  if (rest === 0) return definitionOfParts([part]);
  const { file, node } = part;
  // `start` is the offset of the quote.
  const start = file.text.indexOf(url, node.start) - 1;
  return { type: 'literal', url, location: locationAt(file, start), file, start };
}
