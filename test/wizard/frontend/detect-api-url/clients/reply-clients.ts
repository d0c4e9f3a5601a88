import { client, type ChatClient } from './chat-client.ts';

const api = 'https://rag.example.org';
const request = 'POST json message';
const ask = (rest: string) =>
  `const response = await fetch('${api}/chat', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: input }) });
    ${rest}`;
const events = (inner: string) =>
  ask(`const reader = response.body.getReader();
    const decoder = new TextDecoder('utf-8');
    let rest = '';
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      rest += decoder.decode(value, { stream: true });
      const parts = rest.split('\\n\\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
${inner}
      }
    }`);

/** What is read from the reply. */
export const replyClients: readonly ChatClient[] = [
  client('several names, the first that is there', {
    code: ask(`const data = await response.json();
    const text = data.answer ?? data.response ?? data.data?.answer ?? 'Nothing';
    setAnswer(text);`),
    request,
    reply: 'json answer response data.answer',
  }),
  client('a ternary and a check of the type', {
    code: ask(`const data = await response.json();
    setAnswer(typeof data === 'string' ? data : data.reply ? data.reply : data.message);`),
    request,
    reply: 'json reply message',
  }),
  client('text that is parsed by hand', {
    code: ask(`const raw = await response.text();
    let data;
    try { data = JSON.parse(raw); } catch { throw new Error(raw); }
    setAnswer(data.output);`),
    request,
    reply: 'json output',
  }),
  client('the fields of another vendor', {
    code: ask(`const data = await response.json();
    setAnswer(data.choices[0].message.content);`),
    request,
    reply: 'json choices.*.message.content',
    isRefused: true,
  }),
  client('ids, scores and times beside the text', {
    code: ask(`const { answer, session_id, confidence, response_time_ms, model } = await response.json();
    setSession(session_id);
    setAnswer(\`\${answer} (\${confidence}, \${response_time_ms} ms, \${model})\`);`),
    request,
    reply: 'json answer',
  }),
  client('an error that the reply may hold', {
    code: ask(`const data = await response.json();
    if (data.error) { setError(data.error); return; }
    if (!response.ok) { setError(data.message || data.detail); return; }
    setAnswer(data.result);`),
    request,
    reply: 'json result',
  }),
  client('an error below the reply', {
    code: ask(`const data = await response.json();
    if (!data.success) { setError(data.error.message); return; }
    setAnswer(data.response);`),
    request,
    reply: 'json response',
  }),
  client('sources that are joined', {
    code: ask(`const data = await response.json();
    setAnswer(data.answer + '\\n\\nSources: ' + data.sources.join(', '));`),
    request,
    reply: 'json answer; sources: strings',
  }),
  client('addresses that are split', {
    code: ask(`const data = await response.json();
    setAnswer(data.answer);
    setSources(data.sources.map((url) => ({ url, title: url.split('/').pop() })));`),
    request,
    reply: 'json answer; sources: strings',
  }),
  client('nested fields of each source', {
    code: ask(`const data = await response.json();
    setAnswer(data.response);
    setSources(data.source_chunks.filter((chunk) => chunk.score > 0.5).map((chunk) => ({ url: chunk.metadata.url, title: chunk.metadata.title || 'Source' })));`),
    request,
    reply: 'json response; source_chunks: objects score metadata.url metadata.title',
  }),
  client('sources below metadata', {
    code: ask(`const data = await response.json();
    setAnswer(data.content);
    setSources(data.metadata?.sources || []);`),
    request,
    reply: 'json content; metadata.sources: objects url title',
  }),
  client('a loop over the sources', {
    code: ask(`const data = await response.json();
    const list = [];
    for (const { url, section } of data.references) list.push({ url, title: section });
    setAnswer(data.answer);
    setSources(list);`),
    request,
    reply: 'json answer; references: objects url section',
  }),
  client('other lists than sources', {
    code: ask(`const data = await response.json();
    setAnswer(data.answer);
    setFollowUps(data.suggested_questions.map((text) => text.trim()));`),
    top: `import { setFollowUps } from './follow-ups';`,
    request,
    reply: 'json answer',
  }),
  client('nothing', {
    code: ask(`console.log(await response.json());`),
    request,
    reply: 'unknown',
  }),
  client('events in a switch', {
    code: events(`        const event = JSON.parse(part.replace(/^data: /, ''));
        switch (event.type) {
          case 'token': setAnswer((text) => text + event.content); break;
          case 'done': setSources(event.sources); break;
        }`).replace(
      'for (const part of parts) {',
      `for (const part of parts) {\n        if (!part.startsWith('data:')) continue;`,
    ),
    request,
    reply: 'stream canonical',
  }),
  client('events without a type', {
    code: events(`        if (!part.startsWith('data: ')) continue;
        const data = part.substring(6);
        if (data === '[DONE]') return;
        const parsed = JSON.parse(data);
        if (parsed.content) setAnswer((text) => text + parsed.content);`),
    request,
    reply: 'stream canonical',
  }),
  client('delta events', {
    code: events(`        if (!part.startsWith('data:')) continue;
        const parsed = JSON.parse(part.slice(5));
        if (parsed.done) setSources(parsed.sources); else setAnswer((text) => text + parsed.delta);`),
    request,
    reply: 'stream delta-events',
  }),
  client('data events', {
    code: events(`        if (!part.startsWith('data: ')) continue;
        const event = JSON.parse(part.slice(6));
        if (event.type === 'delta') setAnswer((text) => text + event.data);
        else if (event.type === 'sources') setSources(event.data);
        else if (event.type === 'error') throw new Error(event.data);`),
    request,
    reply: 'stream data-events',
  }),
  client('data of every event, whatever its type', {
    code: events(`        if (!part.startsWith('data: ')) continue;
        setAnswer((text) => text + JSON.parse(part.slice(6)).data);`),
    request,
    reply: 'stream unknown',
  }),
  client('named events', {
    code: events(`        const lines = part.split('\\n');
        let name = 'message';
        for (const line of lines) {
          if (line.startsWith('event: ')) name = line.slice(7);
          if (!line.startsWith('data: ')) continue;
          const parsed = JSON.parse(line.slice(6));
          if (name === 'message' && parsed.type === 'token') setAnswer((text) => text + parsed.content);
          if (parsed.type === 'citation') setSources((list) => [...list, parsed.citation]);
        }`),
    request,
    reply: 'stream message-events',
  }),
  client('events of another vendor', {
    code: events(`        if (!part.startsWith('data: ')) continue;
        const parsed = JSON.parse(part.slice(6));
        setAnswer((text) => text + parsed.choices[0].delta.content);`),
    request,
    reply: 'stream unknown',
  }),
  client('tokens beside a type that the server does not send', {
    code: events(`        if (!part.startsWith('data: ')) continue;
        const event = JSON.parse(part.slice(6));
        if (event.type === 'status') console.log(event.content);
        if (event.type === 'token') setAnswer((text) => text + event.content);`),
    request,
    reply: 'stream canonical',
  }),
  client('lines of JSON', {
    code: events(`        const parsed = JSON.parse(part);
        setAnswer((text) => text + parsed.content);`),
    request,
    reply: 'stream unknown',
  }),
  client('a stream that a generator reads', {
    top: `async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    rest += value;
    const lines = rest.split('\\n');
    rest = lines.pop();
    for (const line of lines) if (line.startsWith('data: ')) yield JSON.parse(line.slice(6));
  }
}`,
    code: ask(`for await (const event of readEvents(response)) {
      if (event.type === 'token') setAnswer((text) => text + event.content);
      else if (event.type === 'done') setSources(event.sources);
    }`),
    request,
    reply: 'stream canonical',
  }),
  client('a package that splits the stream', {
    top: `import { fetchEventSource } from '@microsoft/fetch-event-source';`,
    code: `await fetchEventSource('${api}/chat', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ message: input }),
      onmessage(event) { const data = JSON.parse(event.data); if (data.type === 'token') setAnswer((text) => text + data.content); } });`,
    request: 'POST json message [accept: text/event-stream]',
    reply: 'stream canonical',
  }),
  client('a stream where there is one, else JSON', {
    code: ask(`if (response.headers.get('content-type').includes('text/event-stream')) {
      const reader = response.body.getReader();
      const { value } = await reader.read();
      for (const line of new TextDecoder().decode(value).split('\\n'))
        if (line.startsWith('data: ')) setAnswer(JSON.parse(line.slice(6)).content);
    } else {
      const data = await response.json();
      setAnswer(data.answer);
    }`),
    request,
    reply: 'json answer',
  }),
];
