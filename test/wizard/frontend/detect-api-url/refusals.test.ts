import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { projectWith } from './sample-project.ts';

const json = `headers: { 'Content-Type': 'application/json' }`;
const api = 'https://rag.example.org';
const detectIn = (files: Record<string, string>) => detectApiUrl(new Map(Object.entries(projectWith(files))));
const gemini = 'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent';

describe('a chat that cannot be served is refused, with what works instead', () => {
  it.each([
    ['a WebSocket', `const socket = new WebSocket('${api}/ws/chat'); socket.send('x');`, /WebSocket/],
    ['an EventSource', `new EventSource(\`${api}/api/chat?message=\${input}\`);`, /GET/],
    ['a question in the address', `fetch(\`${api}/ask?question=\${encodeURIComponent(input)}\`);`, /GET/],
    [
      'a form',
      `const form = new FormData(); form.append('message', input); fetch('${api}/api/chat', { method: 'POST', body: form });`,
      /form/,
    ],
    [
      'the fields of another vendor',
      `const res = await fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input }) }); const data = await res.json(); out.textContent = data.choices[0].message.content;`,
      /choices/,
    ],
    [
      'JSON although a stream is asked for',
      `const res = await fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input, stream: true }) }); out.textContent = (await res.json()).answer;`,
      /answer of its JSON/,
    ],
    [
      'events under another name',
      `const res = await fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input, stream: true }) }); const reader = res.body.getReader(); const { value } = await reader.read(); for (const line of new TextDecoder().decode(value).split('\\n')) { if (!line.startsWith('data: ')) continue; const event = JSON.parse(line.slice(6)); if (event.type === 'content') out.textContent += event.data; if (event.type === 'done') return; }`,
      /events of a type of its own/,
    ],
    [
      'a text without events',
      `const res = await fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input }) }); const reader = res.body.getReader(); for (;;) { const { value, done } = await reader.read(); if (done) break; out.textContent += new TextDecoder().decode(value); }`,
      /stream of plain text/,
    ],
  ])('%s', (_, code, why) => {
    const { findings, refusal } = detectApiUrl(
      new Map(
        Object.entries(projectWith({ 'src/chat.js': `export async function ask(input, out) {\n${code}\n}` })),
      ),
    );
    expect(findings).toEqual([]);
    expect(refusal?.why).toMatch(why);
    expect(refusal?.place?.file).toBe('src/chat.js');
    expect(refusal?.instead).not.toBe('');
  });

  it('but not where one of two ways to ask can be served', () => {
    const files = projectWith({
      'src/chat.js': `const ask = (message) => fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message }) });
        ask('x').then((res) => res.json()).then((data) => { document.title = data.answer; });
        new WebSocket('wss://live.example.org/ws/chat');`,
    });
    const { findings, refusal } = detectApiUrl(new Map(Object.entries(files)));
    expect(refusal).toBeNull();
    expect(findings[0]?.source.name).toBe(`${api}/chat`);
  });
});

describe('a page that asks a language model itself', () => {
  it.each([
    `import { GoogleGenerativeAI } from '@google/generative-ai';
      const model = new GoogleGenerativeAI(KEY).getGenerativeModel({ model: 'x' });
      export const ask = (text) => model.generateContent(text);`,
    `export const ask = async (text) => new (await import('openai')).default({ dangerouslyAllowBrowser: true });`,
    `import Groq from 'https://esm.run/groq-sdk@0.9'; export const groq = new Groq({ apiKey: 'k' });`,
    `export const ask = (text) => fetch(\`${gemini}?key=\${KEY}\`, { method: 'POST', body: JSON.stringify({ contents: [{ parts: [{ text }] }] }) });`,
    `const URL = 'https://api.openai.com/v1';
      export const ask = (messages) => fetch(URL + '/chat/completions', { method: 'POST', body: JSON.stringify({ messages }) });`,
    `import axios from 'axios';
      const client = axios.create({ baseURL: 'https://openrouter.ai/api/v1' });
      export const ask = (messages) => client.post('/chat/completions', { messages });`,
  ])('is refused: %s', (code) => {
    const { findings, refusal } = detectIn({ 'src/components/ChatWidget.js': code });
    expect(findings).toEqual([]);
    expect(refusal).toMatchObject({
      why: expect.stringContaining('a key that every reader can read'),
      instead: expect.stringContaining('POST /api/chat'),
      place: { file: 'src/components/ChatWidget.js' },
    });
  });

  it.each([
    [
      'a translation',
      {
        'src/Translator.js': `import { GoogleGenerativeAI } from '@google/generative-ai'; new GoogleGenerativeAI(KEY);`,
      },
    ],
    ['a link', { 'src/Docs.js': `export default () => <a href="https://api.openai.com/v1">API</a>;` }],
    ['a type', { 'src/Docs.ts': `import type OpenAI from 'openai'; export type A = OpenAI;` }],
  ])('is not %s', (_, files) => {
    expect(detectIn(files).refusal?.why ?? '').not.toContain('language model');
  });

  it('may ask a server of its own beside it', () => {
    const { findings, refusal } = detectIn({
      'src/summary.js': `fetch('https://api.openai.com/v1/chat/completions', { method: 'POST', body: JSON.stringify({ messages: [] }) });`,
      'src/chat.js': `export const ask = (question) => fetch('${api}/chat', { method: 'POST', body: JSON.stringify({ question }) });`,
    });
    expect(refusal).toBeNull();
    expect(findings[0]?.source.name).toBe(`${api}/chat`);
  });
});
