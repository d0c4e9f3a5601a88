import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
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
