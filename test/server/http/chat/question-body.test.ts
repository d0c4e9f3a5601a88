import { describe, expect, test } from 'vitest';
import { hasForeignField, hasIdsOnly, questionIn } from '../../../../server/http/chat/question-body.ts';
import { fieldsOf } from '../../../../server/http/chat/request-fields.ts';

const asks = (body: unknown) => questionIn(fieldsOf(body));

describe('the question is found under', () => {
  test.each([
    { message: 'q' },
    { question: 'q' },
    { query: 'q' },
    { query_text: 'q' },
    { userQuery: 'q' },
    { user_message: 'q' },
    { ask: 'q' },
    { chatText: 'q' },
    { input_query: 'q' },
    { prompt: 'q' },
    { text: 'q' },
    { input: 'q' },
    { q: 'q', top_k: 3 },
    { user: 'q', session_id: 's' },
    { input: 'q', chat_history: [] },
    { message: '', query: 'q' },
    {
      messages: [
        { role: 'user', content: 'old' },
        { role: 'assistant', content: 'a' },
        { role: 'user', content: 'q' },
      ],
    },
    { messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }] }] },
  ])('%j', (body) => expect(asks(body)).toBe('q'));
});

describe('there is no question in', () => {
  test.each<unknown>([
    {},
    'q',
    null,
    { message: '' },
    { message: 7 },
    { user: 'bob', action: 'like' },
    { q: 'x', page: 2 },
    { messages: [{ role: 'system', content: 'x' }] },
    { constructor: 'x' },
  ])('%j', (body) => expect(asks(body)).toBeNull());
});

describe('never a question', () => {
  test.each([
    { message: 'm', email: 'a@b.c' },
    { username: 'u', password: 'p' },
    { message: 'm', userEmail: 'a' },
    { query: 'q', access_token: 't' },
    { message_id: '1', rating: 5, text: 'good' },
    { question: 'q', answer: 'a', feedback: 'up' },
    { text: 't', target_language: 'ur' },
    { content: 't', targetLang: 'ur' },
    { text: 't', language: 'ur' },
    { message: 'm', subject: 's' },
    { message: 'm', user_profile: {} },
    { content: 'aGk=', filename: 'a.pdf' },
  ])('%j', (body) => expect(hasForeignField(fieldsOf(body))).toBe(true));

  test.each([
    { message: 'm', language: 'en' },
    { message: 'm', max_tokens: 5 },
    { query: 'q', user_id: 'u' },
    { question: 'q', context: 'c' },
    { text: 't', session_id: 's' },
  ])('but %j may be one', (body) => expect(hasForeignField(fieldsOf(body))).toBe(false));
});

test('a session is opened with ids alone', () => {
  expect(
    [{}, { user_id: 'u' }, { anonymousId: 'a', device_id: 'd' }].every((body) => hasIdsOnly(fieldsOf(body))),
  ).toBe(true);
  expect(hasIdsOnly(fieldsOf({ user_id: 'u', plan: 'x' }))).toBe(false);
});

/** `depth` lists in one another. */
function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = [{ content: value }];
  return value;
}

test.each([
  { messages: [{ role: { toString: 1 }, content: 'x' }] },
  { messages: [{ role: nested(100_000), content: 'x' }] },
  { messages: [{ role: 'user', content: nested(30_000) }] },
])('a message of an odd form is none (%#)', (body) => {
  expect(asks(body)).toBeNull();
});

test('of very many fields, some hundreds are read', () => {
  const body = Object.fromEntries(Array.from({ length: 100_000 }, (_value, index) => [`a${index}`, 1]));
  expect(fieldsOf(body).size).toBeLessThan(1_000);
});
