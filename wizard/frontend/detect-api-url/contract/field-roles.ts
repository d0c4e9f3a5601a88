import { ambiguousNames, questionNames } from '../../../../server/http/chat/question-body.ts';
import type { BodyField } from '../../../model/chat-contract.ts';
import { wordsOf } from '../../variable-names.ts';
import type { Reference, Tracer } from '../trace/reference.ts';
import type { BodyEntry } from './body-entries.ts';
import { constantValue } from './constant-value.ts';

type Role = BodyField['role'];

/** The names under which the server reads a question, the surest first. */
const namesOfQuestion = [...questionNames, 'messages', ...ambiguousNames];

const roles: readonly [name: RegExp, role: Role][] = [
  [/^(?:conversation|session|thread|chat)(?:id|uuid|key)?$/, 'session'],
  [/^(?:(?:chat|conversation|message)?history|(?:previous|prior|past)messages|messages)$/, 'history'],
  [/^(?:selected(?:text|context|content)?|selection|highlight(?:ed)?(?:text)?|selectiontext)$/, 'selection'],
];

const normalised = (key: string): string => key.toLowerCase().replaceAll(/[_-]/g, '');

/** The fields of a body with what the page puts into each. A key whose value is `undefined` is never sent. */
export function fieldsWithRoles(tracer: Tracer, entries: readonly BodyEntry[]): BodyField[] {
  const constants = new Map(entries.map(({ key, value }) => [key, constantValue(tracer, value)]));
  const isVariable = ({ key }: BodyEntry): boolean => constants.get(key) === null;
  const question = questionIn(entries.filter(isVariable));
  return entries.flatMap(({ key, value }): BodyField[] => {
    const constant = constants.get(key) ?? null;
    if (constant !== null)
      return constant.value === undefined ? [] : [{ key, role: 'constant', value: constant.value }];
    if (question !== null && (key === question.key || isSameValue(value, question.value)))
      return [{ key, role: 'question' }];
    return [{ key, role: roleOf(key, value) }];
  });
}

function questionIn(entries: readonly BodyEntry[]): BodyEntry | null {
  for (const name of namesOfQuestion)
    for (const entry of entries) if (normalised(entry.key) === name) return entry;
  return null;
}

const textOf = ({ node, file }: Reference): string => file.text.slice(node.start, node.end);

/** `{ query: text, message: text }` sends the question twice. */
const isSameValue = (value: Reference, other: Reference): boolean => textOf(value) === textOf(other);

function roleOf(key: string, value: Reference): Role {
  const role = roles.find(([name]) => name.test(normalised(key)))?.[1];
  if (role !== undefined) return role;
  // Under `context` clients send the selected text, or where the reader is.
  const isSelection = /^(?:context|text|content)/.test(normalised(key));
  return isSelection && wordsOf(textOf(value)).some((word) => /^(?:select|highlight)/.test(word))
    ? 'selection'
    : 'unknown';
}
