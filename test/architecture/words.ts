/** The words that this code does not use, and what it says instead. CONTRIBUTING has the rule. */
import { lineOf, walk, type SourceFile, type SyntaxNode } from './source-tree.ts';

/** In comments, messages, test titles and documentation. */
export const phrases: readonly { pattern: RegExp; instead: string }[] = [
  {
    pattern: /\bstands\b(?! (?:in )?for\b)|\bleft standing\b|\bas (?:it|they) stands?\b/i,
    instead: 'exists, is deployed',
  },
  { pattern: /\banew\b/i, instead: 'again' },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: 'fix' },
  { pattern: /\b(?:no|some)body\b(?! user)|\bwhoever\b/i, instead: 'no one, the user, another process' },
  { pattern: /\btold\b|\bsaid\b/i, instead: 'reported, shown' },
  { pattern: /\bput aside\b/i, instead: 'moved to' },
  { pattern: /\blets? [\w’']+ in\b(?! (?:the|a|an|this|one)\b)/i, instead: 'allows' },
  { pattern: /\bof (?:another|no|the right) form\b/i, instead: 'has an unexpected format' },
  { pattern: /\basks? for fewer calls\b/i, instead: 'rate-limited' },
  { pattern: /\bgo(?:es)? on from\b/i, instead: 'resumes' },
  { pattern: /\b(?:of|for) (?:this|its|their|our) (?:own )?kind\b/i, instead: 'compatible' },
  { pattern: /\bthis house\b/i, instead: 'this codebase' },
  { pattern: /\bwire contract\b/i, instead: 'docs/chat-api.md' },
  {
    pattern:
      /\bthe original(?:’s|'s)?(?=[^\w]|$)(?! (?:order|text|value|error|request|file|name|string|URL|bytes)\b)/i,
    instead: 'the FastAPI server this replaces',
  },
  { pattern: /\bail(?:s|ed|ing)?\b|\bunwell\b/i, instead: 'degraded, unhealthy' },
  { pattern: /\btelling (?:words?|terms?)\b/i, instead: 'significant terms' },
  { pattern: /\bforeign questions?\b/i, instead: 'off-topic questions' },
  { pattern: /\b(?:dense|lexical|sparse) legs?\b|\bleg weights?\b/i, instead: 'retriever' },
];

/** As names of variables, parameters and functions. */
export const variableNames: Readonly<Record<string, string>> = {
  one: 'the noun: service, file, entry',
  of: 'options, input',
  said: 'notice, message',
  told: 'notice, message',
  heard: 'events',
  given: 'input, value',
  asked: 'request, question',
  found: 'match, result',
  taken: 'accepted, value',
  known: 'the noun',
  named: 'the noun',
  standing: 'current',
};

/** Names that the code had before it used the field's own; each maps to what replaced it. */
export const retiredNames: Readonly<Record<string, string>> = {
  World: 'Runtime',
  Wish: 'ResumeAction',
  Mending: 'Recovery',
  secondTry: 'offerRetry',
  sayWhatStands: 'reportCreatedResources',
  Ended: 'CommandResult',
  PlaceFinder: 'the flow',
  Opening: 'CommandInputs',
  takeIn: 'parsePaste',
  TakenIn: 'ParsedPaste',
  misfit: 'formatProblem',
  strayKey: 'misplacedKey',
  neverSay: 'registerSecret',
  toDo: 'pending',
  notKept: 'verifyPersisted',
  ailingSince: 'degradedSince',
  Library: 'BookIndex',
  Rung: 'Strategy',
  Recollection: 'History',
  Turns: 'MessageStore',
  Desk: 'ServerState',
  inflict: 'apply',
  knobs: 'controls',
  patiently: 'withRetry',
};

export type Prose = { start: number; text: string };

/** Comments, and the strings that are sentences: a text without a blank is a code, a name or a path. */
export function proseOf({ tree, comments }: SourceFile): Prose[] {
  const prose = comments.map(({ start, value }) => ({ start, text: value }));
  walk(tree, (node) => {
    const text = textOfNode(node);
    if (text !== null && /\S\s\S/.test(text)) prose.push({ start: node.start, text });
  });
  return prose;
}

function textOfNode(node: SyntaxNode): string | null {
  if (node.type === 'Literal' && typeof node['value'] === 'string') return node['value'];
  if (node.type === 'JSXText') return String(node['value']);
  if (node.type === 'TemplateElement') return String((node['value'] as { cooked?: string }).cooked ?? '');
  return null;
}

const anyPhrase = new RegExp(phrases.map(({ pattern }) => pattern.source).join('|'), 'i');

/** A name where it can be declared: before a type, a value, another name or the end of a list. */
const anyName = new RegExp(
  `\\b(?:${Object.keys({ ...variableNames, ...retiredNames }).join('|')})\\b(?:\\s*[,:=)}\\]?;({<]|\\s+(?:of|in|extends)\\b)`,
);

/** False for most of the texts that break no rule. */
export function maybeWrong(text: string): boolean {
  return anyPhrase.test(text) || anyName.test(text);
}

export function wrongPhrases(file: Pick<SourceFile, 'path' | 'text'>, prose: readonly Prose[]): string[] {
  const suspects = prose.filter(({ text }) => anyPhrase.test(text));
  return suspects.flatMap(({ start, text }) =>
    text.split('\n').flatMap((part, index) =>
      phrases
        .filter(({ pattern }) => pattern.test(part))
        .map(({ pattern, instead }) => {
          const word = pattern.exec(part)?.[0] ?? '';
          return `${file.path}:${lineOf(file, { start }) + index} “${word}” in “${part.trim().slice(0, 80)}”: ${instead}`;
        }),
    ),
  );
}

/** Variables, parameters, functions, types and classes that a file declares. */
export function declaredNames({ tree }: SourceFile): { name: string; start: number }[] {
  const names: { name: string; start: number }[] = [];
  const add = (pattern: unknown): void => {
    const node = pattern as SyntaxNode | null;
    if (node === null || node === undefined) return;
    if (node.type === 'Identifier') names.push({ name: String(node['name']), start: node.start });
    if (node.type === 'AssignmentPattern') add(node['left']);
    if (node.type === 'RestElement') add(node['argument']);
    if (node.type === 'ArrayPattern') for (const element of node['elements'] as unknown[]) add(element);
    if (node.type === 'ObjectPattern')
      for (const property of node['properties'] as SyntaxNode[]) add(property['value'] ?? property);
  };
  walk(tree, (node) => {
    if (node.type === 'VariableDeclarator') add(node['id']);
    if (
      /^(?:Function|Class)(?:Declaration|Expression)$|^TS(?:TypeAlias|Interface)Declaration$/.test(node.type)
    )
      add(node['id']);
    if (/Function/.test(node.type) && Array.isArray(node['params']))
      for (const parameter of node['params']) add(parameter);
  });
  return names;
}

export function wrongNames(file: SourceFile): string[] {
  return declaredNames(file).flatMap(({ name, start }) => {
    const instead = own(variableNames, name) ?? own(retiredNames, name);
    return instead === undefined
      ? []
      : [`${file.path}:${lineOf(file, { start })} the name ${name}: ${instead}`];
  });
}

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
