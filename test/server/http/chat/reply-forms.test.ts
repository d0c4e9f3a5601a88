import { describe, expect, test } from 'vitest';
import type { ResponseMode } from '../../../../server/contract.ts';
import { replyFormOf } from '../../../../server/http/chat/reply-forms.ts';

const sse = { transport: 'sse', stream: 'canonical' };
const json = (sources: string, citations: string) => ({ transport: 'json', json: { sources, citations } });
const objects = json('objects', 'objects');
const axios = 'application/json, text/plain, */*';

type Row = [client: string, body: unknown, expected: unknown, request?: { accept?: string; path?: string }];

describe('JSON unless the stream is asked for', () => {
  test.each<Row>([
    ['the FastAPI server’s frontend', { message: 'x', mode: 'general' }, sse],
    ['the same with a selection', { message: 'x', mode: 'selection', context: 'y' }, sse],
    ['stream: true', { query: 'x', stream: true }, sse],
    ['an Accept that names the stream', { question: 'x' }, sse, { accept: 'text/event-stream' }],
    ['a path that ends in stream', { message: 'x' }, sse, { path: '/api/chat/stream' }],
    ['the same in capitals and with a query', { message: 'x' }, sse, { path: '/chatStream?v=1' }],
    ['a message alone', { message: 'x' }, objects],
    ['a message for axios', { message: 'x' }, objects, { accept: axios }],
    ['axios beside a mode', { message: 'x', mode: 'general' }, objects, { accept: axios }],
    ['a number of sections', { message: 'x', top_k: 3 }, objects],
    ['a user', { message: 'x', user_id: 'u' }, objects],
    ['a context object', { message: 'x', context: { page: '/docs' } }, objects],
    ['another mode', { message: 'x', mode: 'normal' }, objects],
    ['no mode', { message: 'x', mode: null }, objects],
    ['stream: false beside a mode', { message: 'x', mode: 'general', stream: false }, objects],
    ['a question alone', { question: 'x' }, json('urls', 'urls')],
    ['a question with an empty selection', { question: 'x', selected_text: '' }, json('urls', 'urls')],
    ['a query', { query: 'x', session_id: 's' }, objects],
    ['a query beside the message', { query: 'x', message: 'x' }, json('objects', 'urls')],
    ['a message with a session', { message: 'x', session_id: 's' }, json('objects', 'urls')],
    ['a message with a selection', { message: 'x', selectedText: 's' }, json('objects', 'urls')],
    ['no object', 'x', objects],
    ['names that objects inherit', JSON.parse('{"message":"x","mode":"__proto__","constructor":1}'), objects],
  ])('%s', (_client, body, expected, { accept, path = '/api/chat' } = {}) => {
    expect(replyFormOf({ body, accept, path })).toEqual(expected);
  });
});

describe('CHAT_RESPONSE_MODE', () => {
  const form = (mode: ResponseMode, body: unknown, accept = '*/*') =>
    replyFormOf({ body, accept, path: '/api/chat', mode });

  test('decides what the request leaves open', () => {
    expect(form('json', { message: 'x', mode: 'general' })).toEqual(objects);
    expect(form('sse', { query: 'x' })).toEqual(sse);
    expect(form('sse-message-events', { query: 'x' })).toEqual({
      transport: 'sse',
      stream: 'message-events',
    });
    expect(form('sse-delta-events', { query: 'x' })).toEqual({ transport: 'sse', stream: 'delta-events' });
    expect(form('sse-data-events', { query: 'x' })).toEqual({ transport: 'sse', stream: 'data-events' });
    expect(form('json-objects', { question: 'x' })).toEqual(objects);
    expect(form('json-source-urls', { query: 'x' })).toEqual(json('urls', 'urls'));
    expect(form('json-citation-urls', { query: 'x' })).toEqual(json('objects', 'urls'));
  });

  test('gives way to a request that says which of the two it reads', () => {
    expect(form('json', { message: 'x', stream: true })).toEqual(sse);
    expect(form('sse', { message: 'x', stream: false })).toEqual(objects);
    expect(form('json', { message: 'x' }, 'text/event-stream')).toEqual(sse);
    expect(form('sse', { message: 'x' }, axios)).toEqual(objects);
    expect(form('sse', { message: 'x' }, 'text/event-stream, application/json')).toEqual(sse);
    expect(form('sse-delta-events', { message: 'x', stream: true })).toEqual({
      transport: 'sse',
      stream: 'delta-events',
    });
  });

  test.each<[body: unknown, expected: unknown, accept?: string]>([
    [{ message: 'x' }, sse],
    [{ message: 'x', context: 'AI' }, sse],
    [{ message: 'x', mode: 'general' }, sse, axios],
    [{ message: 'x' }, json('objects', 'urls'), 'application/json'],
    [{ message: 'x', stream: false }, json('objects', 'urls')],
    [{ question: 'x' }, json('urls', 'urls')],
    [{ query: 'x', session_id: 's' }, objects],
    [{ message: 'x', selected_text: 's' }, json('objects', 'urls')],
    [{ prompt: 'x', temperature: 2 }, sse],
  ])('0.1 answers %j as version 0.1 did', (body, expected, accept) => {
    expect(form('0.1', body, accept)).toEqual(expected);
  });
});
