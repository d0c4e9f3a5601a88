import { client, chatComponent, type ChatClient } from './chat-client.ts';

const api = 'https://rag.example.org';
const json = `headers: { 'Content-Type': 'application/json' }`;
const ask = (body: string, before = '', options = json) => `${before}
    const res = await fetch('${api}/chat', { method: 'POST', ${options}, body: ${body} });
    const data = await res.json();
    setAnswer(data.answer);`;
const reply = 'json answer';

/** What is sent, in every way to build an object; and where the address comes from. */
export const bodyClients: readonly ChatClient[] = [
  client('a conditional spread', {
    code: ask(`JSON.stringify({ query: input, ...(selected ? { selected_text: selected } : {}) })`),
    request: 'POST json query selected_text(selection)',
    reply,
  }),
  client('keys that are assigned later', {
    code: ask(
      'JSON.stringify(payload)',
      `const payload = { question: input.trim() };
    if (session) payload.session_id = session;
    payload['language'] = 'en';`,
    ),
    request: 'POST json question session_id(session) language="en"',
    reply,
  }),
  client('Object.assign', {
    code: ask('JSON.stringify(Object.assign({}, { top_k: 5 }, { message: input }))'),
    request: 'POST json top_k=5 message',
    reply,
  }),
  client('a list of messages', {
    code: ask(`JSON.stringify({ messages: [{ role: 'user', content: input }], stream: false })`),
    request: 'POST json messages stream=false',
    reply,
  }),
  client('a message beside the messages before it', {
    code: ask(`JSON.stringify({ message: input, messages: log.slice(-6) })`, 'const log = loadLog();'),
    request: 'POST json message messages(history)',
    reply,
  }),
  client('a question under two names', {
    code: ask(`JSON.stringify({ query: input, message: input, conversation_id: session })`),
    request: 'POST json query message conversation_id(session)',
    reply,
  }),
  client('a context object', {
    code: ask(
      `JSON.stringify({ message: input, context: { selectedText: selected, page: location.pathname } })`,
    ),
    request: 'POST json message context(selection)',
    reply,
  }),
  client('a mode that depends on the selection', {
    code: ask(`JSON.stringify({ message: input, mode: selected ? 'selection' : 'general' })`),
    request: 'POST json message mode(unknown)',
    reply,
  }),
  client('values that a configuration holds', {
    top: `const config = { topK: 7, model: 'small', options: { temperature: 0.2 } };`,
    code: ask(
      `JSON.stringify({ q: input, k: config.topK, model: config.model, temperature: config.options.temperature })`,
    ),
    request: 'POST json q k=7 model="small" temperature=0.2',
    reply,
  }),
  client('a key that is never sent', {
    code: ask(`JSON.stringify({ message: input, context: undefined, user: null })`),
    request: 'POST json message user=null',
    reply,
  }),
  client('a message object', {
    code: ask(
      `JSON.stringify({ query: userMessage.content })`,
      `const userMessage = { role: 'user', content: input.trim() };`,
    ),
    request: 'POST json query',
    reply,
  }),
  client('a form', {
    code: ask('form', `const form = new FormData();\n    form.append('message', input);`, `mode: 'cors'`),
    request: 'POST form message',
    reply,
    isRefused: true,
  }),
  client('headers of their own, and no content type', {
    code: ask(
      `JSON.stringify({ message: input })`,
      `const headers = new Headers();\n    headers.set('X-Session-ID', session);`,
      'headers',
    ),
    request: 'POST text message [x-session-id: ?]',
    reply,
  }),
  client('a body that a package makes', {
    top: `import { pack } from 'some-codec';`,
    code: ask('pack(input)'),
    request: 'unknown',
    reply: 'unknown',
  }),
  client('one of two bodies, and one of two paths', {
    code: `const path = selected ? '/api/chat/selected' : '/api/chat/general';
    const body = selected ? { question: input, selected_text: selected } : { question: input };
    const res = await fetch('${api}' + path, { method: 'POST', ${json}, body: JSON.stringify(body) });
    setAnswer((await res.json()).answer);`,
    request: 'POST /api/chat/general json question',
    reply,
  }),
  client('an address of URL and a path of a table', {
    top: `const ENDPOINTS = { ask: '/api/v1/ask', rate: '/api/v1/rate' };`,
    code: `const url = new URL(ENDPOINTS.ask, '${api}');
    const res = await fetch(url.toString(), { method: 'POST', ${json}, body: JSON.stringify({ question: input }) });
    setAnswer((await res.json()).answer);`,
    request: 'POST /api/v1/ask json question',
    reply,
  }),
  client('a guard on process and a fallback', {
    top: `const API = typeof process !== 'undefined' && process.env.REACT_APP_API_URL ? process.env.REACT_APP_API_URL : '${api}';`,
    code: `const res = await fetch(\`\${API}/query\`, { method: 'POST', ${json}, body: JSON.stringify({ query: input }) });
    setAnswer((await res.json()).answer);`,
    request: 'POST /query json query',
    reply,
  }),
  client('a switch on the host', {
    top: `const API = window.location.hostname === 'localhost' ? 'http://localhost:8000' : '${api}';`,
    code: `const res = await fetch(API + '/ask', { method: 'POST', ${json}, body: JSON.stringify({ question: input }) });
    setAnswer((await res.json()).answer);`,
    request: 'POST /ask json question',
    reply,
  }),
  {
    title: 'a custom field, and a page of its own',
    files: {
      'docusaurus.config.js': `export default { title: 'A', customFields: { chat: { url: process.env.CHAT_URL } } };`,
      'src/pages/ask.jsx': chatComponent(
        `const { siteConfig } = useDocusaurusContext();
         const res = await fetch(\`\${siteConfig.customFields.chat.url}/api/chat\`, { method: 'POST', ${json}, body: JSON.stringify({ message: input, conversation_id: session }) });
         const data = await res.json();
         setAnswer(data.answer); setSession(data.conversation_id);`,
        { top: `import useDocusaurusContext from '@docusaurus/useDocusaurusContext';` },
      ),
    },
    request: 'POST /api/chat json message conversation_id(session)',
    reply,
  },
];
