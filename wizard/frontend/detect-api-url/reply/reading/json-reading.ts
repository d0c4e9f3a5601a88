import type { ReplyReading } from '../../../../model/chat-contract.ts';
import { wordsOf } from '../../../variable-names.ts';
import { calledPaths } from './called-paths.ts';
import type { ReplyUse } from '../reply-value.ts';

/** Fields that hold the answer, whatever the code does with them. */
const textName =
  /^(?:answers?|response|reply|content|text|output|result|message|assistant\w*|completion|bot\w*|generated\w*|explanation)$/i;
/** Fields that hold no answer although they may be shown. */
const otherWord =
  /^(?:errors?|details?|status|success|code|ok|type|role|mode|model|title|time|timestamp|ms|seconds|created|updated|confidence|scores?|tokens?|usage|latency|cached|language|lang|version|warnings?|fallback|url|name|email|user|count|total|date|id|uuid|session|conversation|thread)$/i;
const sourceWord =
  /^(?:sources?|citations?|references?|chunks?|contexts?|documents?|docs?|passages?|links?|results?|matches|evidence|snippets?)$/i;
const otherList = /^(?:suggest|follow|related|history|messages|questions?|topics|keywords|warnings|errors)/i;

type FieldUse = { path: readonly string[]; kinds: Set<ReplyUse['kind']> };

/** What the code reads from the JSON of a reply: the text, and the sources. Unknown where that is not certain. */
export function jsonReading(uses: readonly ReplyUse[]): ReplyReading {
  const fields = fieldUses(uses);
  const sources = sourcesIn(fields);
  const text = textPaths(fields, sources?.path ?? null);
  if (text.length === 0) return { type: 'unknown', why: whyNoText(uses, fields) };
  if (sources === null && escapes(uses))
    return { type: 'unknown', why: 'the reply is passed to code that is not visible' };
  const called = calledPaths(uses);
  return { type: 'json', text, sources, ...(called.length > 0 && { called }) };
}

/** The fields that are read, in the order in which the code gets to them. */
function fieldUses(uses: readonly ReplyUse[]): FieldUse[] {
  const fields = new Map<string, FieldUse>();
  for (const { part, kind } of uses) {
    if (part.type !== 'json' || part.isStreamed) continue;
    const key = part.path.join('.');
    const field = fields.get(key) ?? { path: part.path, kinds: new Set() };
    field.kinds.add(kind);
    fields.set(key, field);
  }
  return [...fields.values()];
}

const escapes = (uses: readonly ReplyUse[]): boolean =>
  uses.some(({ kind, part }) => kind === 'escape' && part.type === 'json' && part.path.length === 0);

function whyNoText(uses: readonly ReplyUse[], fields: readonly FieldUse[]): string {
  if (uses.some(({ kind }) => kind === 'escape')) return 'the reply is passed to code that is not visible';
  return fields.length === 0 ? 'no code reads the reply' : 'no field of the reply is shown';
}

const nameOf = ({ path }: FieldUse): string => path.findLast((name) => name !== '*') ?? '';

type Sources = Extract<ReplyReading, { type: 'json' }>['sources'];

function sourcesIn(fields: readonly FieldUse[]): Sources {
  const lists = fields.filter((field) => field.path.length > 0 && field.path.at(-1) !== '*');
  const isSource = (field: FieldUse): boolean =>
    wordsOf(nameOf(field)).some((word) => sourceWord.test(word)) && !isTextOnly(field, fields);
  const goesThrough = (field: FieldUse): boolean =>
    fields.some(({ path }) => isBelow(path, [...field.path, '*'])) || field.kinds.has('list');
  const candidates = lists.filter(({ path }) => !path.includes('*'));
  const best =
    candidates.find((field) => isSource(field) && goesThrough(field)) ??
    candidates.find(
      (field) => field.kinds.has('list') && !otherList.test(nameOf(field)) && !textName.test(nameOf(field)),
    ) ??
    candidates.find((field) => isSource(field) && !/^results?$/i.test(nameOf(field)));
  if (best === undefined) return null;
  const elementPath = [...best.path, '*'];
  const below = fields.filter(({ path }) => path.length > elementPath.length && isBelow(path, elementPath));
  const names = below.map(({ path }) => path.slice(elementPath.length).join('.'));
  const leaves = names.filter((name) => !names.some((other) => other.startsWith(`${name}.`)));
  const element = fields.find(({ path }) => path.join('.') === elementPath.join('.'));
  const as = leaves.length > 0 ? 'objects' : element?.kinds.has('text') ? 'strings' : 'unknown';
  return { path: best.path.join('.'), as, fields: [...new Set(leaves)] };
}

/** `result` and the like: a name of both, which the code only shows. */
function isTextOnly(field: FieldUse, fields: readonly FieldUse[]): boolean {
  return (
    /^(?:results?|context)$/i.test(nameOf(field)) &&
    !field.kinds.has('list') &&
    !fields.some(({ path }) => isBelow(path, [...field.path, '*']))
  );
}

const isBelow = (path: readonly string[], owner: readonly string[]): boolean =>
  owner.every((name, index) => path[index] === name);

function textPaths(fields: readonly FieldUse[], sourcesPath: string | null): string[] {
  // `answer.text || answer` reads either; nor are the characters of a text fields of it.
  const isContainer = ({ path, kinds }: FieldUse): boolean =>
    !kinds.has('text') &&
    fields.some((other) => other.path.length > path.length && isBelow(other.path, path));
  const candidates = fields.filter((field) => {
    const path = field.path.join('.');
    const isOfSources = sourcesPath !== null && (path === sourcesPath || path.startsWith(`${sourcesPath}.`));
    if (isOfSources || isContainer(field) || field.path.length === 0) return false;
    const name = nameOf(field);
    if (wordsOf(name).some((word) => otherWord.test(word)) || /^errors?\b/i.test(path)) return false;
    return (
      textName.test(name) || (field.kinds.has('text') && !wordsOf(name).some((word) => sourceWord.test(word)))
    );
  });
  const direct = candidates.filter(({ path }) => !path.includes('*'));
  return (direct.length > 0 ? direct : candidates).map(({ path }) => path.join('.'));
}
