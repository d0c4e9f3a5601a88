import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { projectWith } from './sample-project.ts';

const json = `headers: { 'Content-Type': 'application/json' }`;
const api = 'https://rag.example.org';

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
      'a text without events',
      `const res = await fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input }) }); const reader = res.body.getReader(); for (;;) { const { value, done } = await reader.read(); if (done) break; out.textContent += new TextDecoder().decode(value); }`,
      /stream \(text\)/,
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
