import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { chatComponent } from './clients/chat-client.ts';
import { clients } from './clients/clients.ts';
import { contractText } from './contract-text.ts';
import { projectWith } from './sample-project.ts';

describe('the contract of a client', () => {
  it.each(clients)('$title', ({ files, request, reply, isRefused = false }) => {
    const { findings, refusal } = detectApiUrl(new Map(Object.entries(projectWith(files))));
    expect(refusal !== null).toBe(isRefused);
    if (isRefused) return;
    const contract = findings[0]?.contract ?? null;
    expect(contract === null ? { request: 'unknown', reply: 'unknown' } : contractText(contract)).toEqual({
      request,
      reply,
    });
  });
});

describe('a field of the reply that the code calls a method of', () => {
  const calledIn = (shown: string): readonly string[] => {
    const chat = chatComponent(
      `const response = await fetch('https://rag.example.org/chat', { method: 'POST', body: JSON.stringify({ question: input }) });
      const data = await response.json();
      setAnswer(data.answer);
      setSources((before) => [...before, { reply: data }]);`,
      { render: `<p>{answer}</p>{sources.map(({ reply }) => <ul>${shown}</ul>)}` },
    );
    const files = new Map(Object.entries(projectWith({ 'src/components/Chat.jsx': chat })));
    const reply = detectApiUrl(files).findings[0]?.contract?.reply;
    return reply?.type === 'json' ? (reply.called ?? []) : ['unknown'];
  };

  it('is one that has to be there', () => {
    const shown = '{reply.retrieved_chunks.map((chunk) => <li>{chunk.score.toFixed(2)}</li>)}';
    expect(calledIn(shown)).toEqual(['retrieved_chunks', 'retrieved_chunks.*.score']);
  });

  it.each([
    ['{reply.retrieved_chunks?.map((chunk) => <li>{chunk.score?.toFixed(2)}</li>)}'],
    ['{reply.retrieved_chunks?.map((chunk) => <li>{chunk.score && chunk.score.toFixed(2)}</li>)}'],
    ['{reply.retrieved_chunks?.map((chunk) => <li>{(chunk.score ?? 0).toFixed(2)}</li>)}'],
    ['{reply.retrieved_chunks?.map(({ score }) => <li>{score}</li>)}'],
  ])('may be missing where the code tests it: %s', (shown) => {
    expect(calledIn(shown)).toEqual([]);
  });
});

it('what else goes to the chat’s address is listed, and whether the server answers it', () => {
  const files = projectWith({
    'src/api.js': `const API = 'https://books.example.org';
      const post = (path, body) => fetch(API + path, { method: 'POST', body: JSON.stringify(body) });
      export const ask = (question) => post('/api/chat', { question });
      export const login = (email, password) => post('/api/login', { email, password });
      export const health = () => fetch(\`\${API}/health\`);
      export const open = () => post('/api/session', {});
      export const start = (title) => post('/chat/start', { title });
      export const profile = () => fetch('https://books.example.org/api/profile', { method: 'PUT' });
      export const elsewhere = () => fetch('https://other.example.org/api/ratings', { method: 'PUT' });`,
  });
  const { otherRequests } = detectApiUrl(new Map(Object.entries(files)));
  expect(otherRequests.map(({ method, path, isAnswered }) => `${method} ${path} ${isAnswered}`)).toEqual([
    'POST /api/login false',
    'POST /api/session true',
    'POST /chat/start true',
    'GET /health true',
    'PUT /api/profile false',
  ]);
});
