import { client, type ChatClient } from './chat-client.ts';

const api = 'https://rag.example.org';
const headers = `headers: { 'Content-Type': 'application/json' }`;

/** `fetch` in the component itself. */
export const fetchClients: readonly ChatClient[] = [
  client('one field, the answer and its sources', {
    code: `const res = await fetch('${api}/api/chat', { method: 'POST', ${headers}, body: JSON.stringify({ message: input }) });
    const data = await res.json();
    setAnswer(data.answer);
    setSources(data.sources);`,
    request: 'POST json message',
    reply: 'json answer; sources: objects url title',
  }),
  client('a path appended to a constant', {
    top: `const API = '${api}';`,
    code: `const res = await fetch(\`\${API}/ask\`, { method: 'POST', ${headers}, body: JSON.stringify({ question: input, top_k: 5 }) });
    if (!res.ok) { const problem = await res.json(); throw new Error(problem.detail || problem.message); }
    const data = await res.json();
    setAnswer(data.response || data.answer || 'No answer');`,
    request: 'POST /ask json question top_k=5',
    reply: 'json response answer',
  }),
  client('sources as strings', {
    code: `const data = await (await fetch('${api}/query', { method: 'POST', ${headers}, body: JSON.stringify({ query: input, session_id: session, stream: false }) })).json();
    setAnswer(data.result);
    setSources(data.citations ?? []);`,
    render: `<p>{answer}</p><ul>{sources.map((source, index) => <li key={index}>{source}</li>)}</ul>`,
    request: 'POST json query session_id(session) stream=false',
    reply: 'json result; citations: strings',
  }),
  client('promises instead of await', {
    code: `fetch('${api}/chat', { method: 'post', ${headers}, credentials: 'include', body: JSON.stringify({ prompt: input }) })
      .then((response) => response.json())
      .then(({ reply, references = [] }) => { setAnswer(reply); setSources(references); })
      .catch((problem) => setError(problem.message));`,
    request: 'POST json prompt +include',
    reply: 'json reply; references: objects url title',
  }),
  client('a nested text, a token from the browser', {
    code: `const token = localStorage.getItem('token');
    const response = await fetch('${api}/api/v1/chat', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: \`Bearer \${token}\`, 'X-Client': 'book' },
      body: JSON.stringify({ user_query: input, selected_text: selected || null, chat_history: [] }),
    });
    const json = await response.json();
    const { data } = json;
    setAnswer(data.message.content);`,
    request:
      'POST json user_query selected_text(selection) chat_history=[] [authorization: ?] [x-client: book]',
    reply: 'json data.message.content',
    isRefused: true,
  }),
  client('the canonical stream, decoded on its way', {
    code: `const response = await fetch('${api}/api/chat', { method: 'POST', ${headers}, body: JSON.stringify({ message: input }) });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\\n');
      rest = lines.pop();
      for (const line of lines) {
        const event = line.startsWith('data: ') ? JSON.parse(line.slice(6)) : {};
        if (event.type === 'token') setAnswer((text) => text + event.content);
        if (event.type === 'done') setSources(event.sources);
      }
    }`,
    request: 'POST json message',
    reply: 'stream canonical',
  }),
  client('the canonical stream', {
    code: `const response = await fetch('${api}/api/chat', { method: 'POST', ${headers}, body: JSON.stringify({ message: input, mode: 'general', conversation_id: session }) });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let buffer = '';
    let text = '';
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      buffer += decoder.decode(value, { stream: true });
      const lines = buffer.split('\\n');
      buffer = lines.pop();
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue;
        const event = JSON.parse(line.slice(6));
        if (event.type === 'token') { text += event.content; setAnswer(text); }
        if (event.type === 'done') setSources(event.sources);
      }
    }`,
    request: 'POST json message mode="general" conversation_id(session)',
    reply: 'stream canonical',
  }),
  client('a stream of raw text', {
    code: `const response = await fetch('${api}/api/chat', { method: 'POST', ${headers}, body: JSON.stringify({ message: input }) });
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      setAnswer((previous) => previous + decoder.decode(value));
    }`,
    request: 'POST json message',
    reply: 'stream text',
    isRefused: true,
  }),
];
