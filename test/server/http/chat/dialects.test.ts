import { expect, test } from 'vitest';
import { dialectOf, jsonAnswer } from '../../../../server/http/chat/dialects.ts';

const sse = { transport: 'sse' };

test.each([
  ['the Docusaurus frontend', { message: 'x', mode: 'general' }, '*/*', sse],
  ['the Docusaurus frontend, selection', { message: 'x', mode: 'selection', context: 'y' }, undefined, sse],
  ['stream: true beside query', { query: 'x', stream: true }, '*/*', sse],
  ['a stream asked for by Accept', { question: 'x' }, 'text/event-stream', sse],
  [
    'stream: false',
    { message: 'x', stream: false },
    '*/*',
    { transport: 'json', shape: 'objects-and-strings' },
  ],
  [
    'JSON alone accepted',
    { message: 'x' },
    'application/json',
    { transport: 'json', shape: 'objects-and-strings' },
  ],
  ['question alone', { question: 'x' }, '*/*', { transport: 'json', shape: 'urls' }],
  ['query', { query: 'x', session_id: 's' }, '*/*', { transport: 'json', shape: 'objects' }],
  [
    'query beside message',
    { query: 'x', message: 'x' },
    '*/*',
    { transport: 'json', shape: 'objects-and-strings' },
  ],
  [
    'question with an empty text',
    { question: 'x', selected_text: '' },
    '*/*',
    { transport: 'json', shape: 'urls' },
  ],
  [
    'selected_text',
    { message: 'x', selected_text: 's' },
    '*/*',
    { transport: 'json', shape: 'objects-and-strings' },
  ],
])('%s', (_who, body, accept, expected) => {
  expect(dialectOf({ body, accept })).toEqual(expected);
});

test('a mode set by the operator fixes the transport', () => {
  expect(dialectOf({ body: { query: 'x' }, accept: '*/*', mode: 'sse' })).toEqual(sse);
  expect(dialectOf({ body: { message: 'x' }, accept: 'text/event-stream', mode: 'json' })).toMatchObject({
    transport: 'json',
  });
});

test('sources have the shape that the client can render', () => {
  const source = { file: 'a.md', heading: 'A', similarity: 1, url: '/a', title: 'A', section: 'A', score: 1 };
  const answer = { text: 'Yes.', sources: [source], conversationId: 'c', error: null };
  const options = { answer, session: null, model: 'm', now: new Date(0), textOf: () => 'A  text.' };
  expect(jsonAnswer({ ...options, shape: 'urls' })).toMatchObject({
    answer: 'Yes.',
    reply: 'Yes.',
    sources: ['/a'],
  });
  expect(jsonAnswer({ ...options, shape: 'objects-and-strings' })).toMatchObject({
    sources: [{ page_url: '/a', similarity_score: 1, content_preview: 'A text.' }],
    citations: ['/a'],
  });
});
