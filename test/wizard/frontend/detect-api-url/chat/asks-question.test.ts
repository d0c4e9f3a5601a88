import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { projectWith } from '../sample-project.ts';

/** A chat that sends a body to a path, and shows the answer. */
const detect = (path: string, body: string) =>
  detectApiUrl(
    new Map(
      Object.entries(
        projectWith({
          'src/chat.js': `export async function ask(message, session, out) {
            const res = await fetch('https://books.example.org${path}', { method: 'POST', body: JSON.stringify(${body}) });
            out.textContent = (await res.json()).answer;
          }`,
        }),
      ),
    ),
  );

describe('a question under a name that other requests have too', () => {
  it.each([
    ['/agent', '{ user: message, session_id: session }'],
    ['/agent', '{ user: message, history: session }'],
    ['/', '{ input: message, conversationId: session }'],
    ['/agent/run', '{ q: message, top_k: 5 }'],
    ['/chat', '{ content: message, thread_id: session }'],
    ['/chat', '{ text: message, stream: false }'],
    ['/ask', '{ user: message }'],
    ['/ask', '{ q: message }'],
    ['/chat', '{ text: message }'],
  ])('is the chat’s at %s with %s', (path, body) => {
    const { findings, otherRequests } = detect(path, body);
    expect(findings[0]?.questionCalls).toHaveLength(1);
    expect(otherRequests).toEqual([]);
  });

  it.each([
    ['/api/agents', '{ user: message, password: session }'],
    ['/api/agents', '{ user: message, session_id: session, rating: 5 }'],
    ['/api/auth/session', '{ user: message, session_id: session }'],
    ['/speech', '{ text: message }'],
    ['/lookup', '{ q: message }'],
    ['/chat/settings', '{ user: message, theme: session }'],
  ])('is none at %s with %s', (path, body) => {
    expect(detect(path, body).findings.flatMap(({ questionCalls }) => questionCalls)).toEqual([]);
  });
});
