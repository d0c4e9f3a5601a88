import { describe, expect, it } from 'vitest';
import { readReply } from '../../../../wizard/frontend/proof/read-reply.ts';
import type { ReplyReading } from '../../../../wizard/model/chat-contract.ts';

const json = (data: unknown) => ({
  text: JSON.stringify(data),
  contentType: 'application/json; charset=utf-8',
});
const stream = (...events: object[]) => ({
  text: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''),
  contentType: 'text/event-stream',
});
const objects = { path: 'sources', as: 'objects', fields: ['title', 'url'] } as const;
const reading = (text: string[], sources: Extract<ReplyReading, { type: 'json' }>['sources'] = null) =>
  ({ type: 'json', text, sources }) as const;

describe('a reply as a client reads it', () => {
  it.each([
    ['answer', { answer: 'Yes' }],
    ['data.response', { data: { response: 'Yes' } }],
    ['choices.0.text', { choices: [{ text: 'Yes' }] }],
  ])('has its text at %s', async (path, data) => {
    expect(await readReply(json(data), reading(['reply', path]))).toMatchObject({
      type: 'answer',
      text: 'Yes',
    });
  });

  it.each([
    ['without the field', { response: 'Yes' }],
    ['with an empty one', { answer: ' ' }],
    ['with an object in its place', { answer: { text: 'Yes' } }],
  ])('is unreadable %s', async (_, data) => {
    expect(await readReply(json(data), reading(['answer']))).toMatchObject({
      type: 'unreadable',
      reason: expect.stringContaining('“answer”'),
    });
  });

  it('has its sources as the client takes them', async () => {
    const data = { answer: 'Yes', sources: [{ title: 'A', url: '/a' }] };
    expect(await readReply(json(data), reading(['answer'], objects))).toMatchObject({
      sources: data.sources,
    });
    const strings = { ...objects, as: 'strings' } as const;
    expect(await readReply(json(data), reading(['answer'], strings))).toMatchObject({ type: 'unreadable' });
    const elsewhere = { ...objects, path: 'metadata.sources' };
    expect(await readReply(json(data), reading(['answer'], elsewhere))).toMatchObject({
      type: 'unreadable',
      reason: expect.stringContaining('metadata.sources'),
    });
  });

  it('is unreadable where the links of its sources read an address that is not there', async () => {
    const data = { answer: 'Yes', sources: [{ title: 'A', url: '/a' }] };
    const linked = (...fields: string[]) => reading(['answer'], { ...objects, fields });
    expect(await readReply(json(data), linked('title', 'url_fragment'))).toMatchObject({
      type: 'unreadable',
      reason: expect.stringContaining('“url_fragment”'),
    });
    for (const fields of [['url_fragment', 'url'], ['title', 'page_number'], ['image_url']])
      expect(await readReply(json(data), linked(...fields))).toMatchObject({ type: 'answer' });
  });

  it('is unreadable where the code calls a method of what is not there, which breaks the page', async () => {
    const calls = { ...reading(['answer']), called: ['answer', 'retrieved_chunks.*.score'] };
    const replyWith = (retrieved_chunks: unknown) => json({ answer: 'Yes', retrieved_chunks });
    for (const chunk of [{ score: null }, {}])
      expect(await readReply(replyWith([{ score: 0.4 }, chunk]), calls)).toMatchObject({
        type: 'unreadable',
        reason: expect.stringContaining('“retrieved_chunks.*.score”'),
      });
    for (const chunks of [[{ score: 0 }], [], null])
      expect(await readReply(replyWith(chunks), calls)).toMatchObject({ type: 'answer' });
  });

  it('is unreadable where JSON is expected and a stream comes, and the reverse', async () => {
    const events = stream({ type: 'token', content: 'Yes' });
    expect(await readReply(events, reading(['answer']))).toMatchObject({ type: 'unreadable' });
    const canonical = { type: 'stream', form: 'canonical' } as const;
    expect(await readReply(json({ answer: 'Yes' }), canonical)).toMatchObject({ type: 'unreadable' });
  });

  it.each<[Extract<ReplyReading, { type: 'stream' }>['form'], object[]]>([
    [
      'canonical',
      [
        { type: 'token', content: 'Yes' },
        { type: 'done', sources: [{ url: '/a' }] },
      ],
    ],
    [
      'message-events',
      [
        { type: 'token', content: 'Yes' },
        { type: 'citation', citation: { url: '/a' } },
        { type: 'done', sources: [{ url: '/b' }] },
      ],
    ],
    [
      'delta-events',
      [
        { type: 'delta', delta: 'Yes' },
        { type: 'done', done: true, sources: [{ url: '/a' }] },
      ],
    ],
    [
      'data-events',
      [
        { type: 'delta', data: 'Yes' },
        { type: 'sources', data: [{ url: '/a' }] },
        { type: 'done', sources: [{ url: '/a' }] },
      ],
    ],
  ])('is a stream of %s', async (form, events) => {
    expect(await readReply(stream(...events), { type: 'stream', form })).toEqual({
      type: 'answer',
      text: 'Yes',
      sources: [{ url: '/a' }],
    });
  });

  it('in a form that the client does not parse has no text', async () => {
    const events = stream({ type: 'delta', delta: 'Yes' });
    expect(await readReply(events, { type: 'stream', form: 'canonical' })).toMatchObject({ type: 'refused' });
  });
});
