import { describe, expect, it } from 'vitest';
import type { ChatContract, ReplyReading } from '../../../wizard/model/chat-contract.ts';
import { responseModeFor } from '../../../wizard/frontend/response-mode.ts';

const contractWith = (body: Record<string, unknown>, reply: ReplyReading): ChatContract => ({
  path: '/api/chat',
  method: 'POST',
  contentType: 'json',
  headers: {},
  credentials: 'same-origin',
  body: Object.entries(body).map(([key, value]) =>
    value === '?' ? { key, role: 'question' } : { key, role: 'constant', value },
  ),
  reply,
});
const answer = (path: string, as: 'strings' | 'objects' | 'unknown'): ReplyReading => ({
  type: 'json',
  text: ['answer'],
  sources: { path, as, fields: [] },
});
const plain: ReplyReading = { type: 'json', text: ['answer'], sources: null };
const stream = (
  form: 'canonical' | 'message-events' | 'delta-events' | 'data-events' | 'text' | 'unknown',
): ReplyReading => ({
  type: 'stream',
  form,
});

describe('the response mode of a page', () => {
  it.each<[title: string, contract: ChatContract, mode: string | null]>([
    ['auto for JSON without a mode', contractWith({ message: '?' }, plain), 'auto'],
    [
      'auto for the canonical stream',
      contractWith({ message: '?', mode: 'general' }, stream('canonical')),
      'auto',
    ],
    [
      'the stream for a body that looks like JSON’s',
      contractWith({ query: '?' }, stream('canonical')),
      'sse',
    ],
    ['JSON beside a mode', contractWith({ message: '?', mode: 'general' }, plain), 'json'],
    [
      'objects for a question alone',
      contractWith({ question: '?' }, answer('sources', 'objects')),
      'json-objects',
    ],
    [
      'objects for a question that has more beside it only with a selected text',
      contractWith({ question: '?', selected_text_only: true }, answer('citations', 'objects')),
      'json-objects',
    ],
    [
      'auto for addresses of a question alone',
      contractWith({ question: '?' }, answer('sources', 'strings')),
      'auto',
    ],
    [
      'sources as addresses',
      contractWith({ message: '?' }, answer('sources', 'strings')),
      'json-source-urls',
    ],
    [
      'citations as addresses',
      contractWith({ message: '?' }, answer('citations', 'strings')),
      'json-source-urls',
    ],
    ['message events', contractWith({ message: '?' }, stream('message-events')), 'sse-message-events'],
    [
      'delta events',
      contractWith({ message: '?', mode: 'general' }, stream('delta-events')),
      'sse-delta-events',
    ],
    ['data events', contractWith({ message: '?' }, stream('data-events')), 'sse-data-events'],
    ['none for raw text', contractWith({ message: '?' }, stream('text')), null],
    [
      'none where the request asks for another form',
      contractWith({ message: '?', stream: true }, plain),
      null,
    ],
    [
      'none for a field that no reply has',
      contractWith({ message: '?' }, { ...plain, text: ['choices.*.text'] }),
      null,
    ],
    [
      'none where the code does not show it',
      contractWith({ message: '?' }, { type: 'unknown', why: 'x' }),
      null,
    ],
  ])('%s', (_, contract, mode) => {
    expect(responseModeFor(contract)).toBe(mode);
  });

  it('suits the first question, before there is a session, and later ones', () => {
    const withSession = contractWith({ question: '?' }, answer('sources', 'objects'));
    const session = { key: 'session_id', role: 'session' } as const;
    expect(responseModeFor({ ...withSession, body: [...withSession.body, session] })).toBe('json-objects');
  });

  it('suits a question with a selection and one without', () => {
    const selection = { key: 'selected_text', role: 'selection' } as const;
    const contract = contractWith({ query: '?', message: '?' }, answer('citations', 'objects'));
    const plainChat = contractWith({ message: '?' }, answer('citations', 'objects'));
    expect(responseModeFor({ ...plainChat, body: [...plainChat.body, selection] })).toBe('json-objects');
    expect(responseModeFor({ ...contract, body: [...contract.body, selection] })).toBe('json-objects');
  });

  it('is kept where it gives the page what it reads', () => {
    expect(responseModeFor(contractWith({ message: '?' }, plain), 'json')).toBe('json');
    expect(responseModeFor(contractWith({ message: '?', mode: 'general' }, stream('canonical')), '0.1')).toBe(
      '0.1',
    );
    expect(responseModeFor(contractWith({ message: '?' }, plain), '0.1')).toBe('auto');
  });
});
