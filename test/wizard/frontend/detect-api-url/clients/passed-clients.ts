import { chatComponent, type ChatClient } from './chat-client.ts';

const api = 'https://rag.example.org';
const json = `headers: { 'Content-Type': 'application/json' }`;
const ask = `await fetch('${api}/api/chat', { method: 'POST', ${json}, body: JSON.stringify({ message }) })`;
const request = 'POST json message';

/** A chat that asks with a function which it gets as a property, and shows what that returns. */
const chatBox = (properties: string, answer: string) => `import { useState } from 'react';
  export default function ChatBox(${properties}) {
    const [input, setInput] = useState('');
    const [messages, setMessages] = useState([]);
    const send = async () => {
      ${answer}
    };
    return <form onSubmit={send}>
      <input value={input} onChange={(event) => setInput(event.target.value)} />
      {messages.map((m) => <div>{m.text}{m.sources.map((s) => <a href={s.url}>{s.title}</a>)}</div>)}
    </form>;
  }`;
const showReply = (call: string) => `const reply = await ${call};
      const message = { text: reply.response || '', sources: reply.sources || [], error: reply.error };
      setMessages((list) => [...list, message]);`;
const reply = 'json response; sources: objects url title';

/** The function that asks is passed on: as a property, to a hook, or to a package. */
export const passedClients: readonly ChatClient[] = [
  {
    title: 'a handler that a page passes to the chat',
    files: {
      'src/components/ChatBox.jsx': chatBox('{ isOpen, onSend }', showReply('onSend(input)')),
      'src/components/Chat.jsx': `import { useState } from 'react';
        import ChatBox from './ChatBox';
        export default function Chat() {
          const [isOpen] = useState(false);
          const handleSend = async (message) => {
            try {
              const response = ${ask};
              if (!response.ok) throw new Error('failed');
              const data = await response.json();
              console.log('reply', data);
              return data;
            } catch (error) {
              return { response: 'Sorry', sources: [], error: { message: error.message } };
            }
          };
          return <ChatBox isOpen={isOpen} onSend={handleSend} />;
        }`,
    },
    request,
    reply,
  },
  {
    title: 'a function of another file, through two components',
    files: {
      'src/api/index.js': `export * from './ask-book';`,
      'src/api/ask-book.js': `export async function askBook(message) {
          const response = ${ask};
          return response.json();
        }`,
      'src/components/ChatBox.jsx': chatBox('props', showReply('props.onSend(input)')),
      'src/components/Panel.jsx': `import ChatBox from './ChatBox';
        export const Panel = ({ title, ...rest }) => <section><h2>{title}</h2><ChatBox {...rest} /></section>;`,
      'src/components/Chat.jsx': `import { askBook } from '../api';
        import { Panel } from './Panel';
        export default () => <Panel title="Ask" onSend={askBook} />;`,
    },
    request,
    reply,
  },
  {
    title: 'a bound method of a class component',
    files: {
      'src/components/ChatBox.jsx': chatBox('{ onSend }', showReply('onSend(input)')),
      'src/components/Chat.jsx': `import React from 'react';
        import ChatBox from './ChatBox';
        export default class Chat extends React.Component {
          constructor(props) { super(props); this.ask = this.ask.bind(this); }
          async ask(message) {
            const response = ${ask};
            return await response.json();
          }
          render() { return <ChatBox onSend={this.ask} />; }
        }`,
    },
    request,
    reply,
  },
  {
    title: 'a hook that is given the function',
    files: {
      'src/hooks/useAsync.js': `import { useState, useCallback } from 'react';
        export function useAsync(fn) {
          const [value, setValue] = useState(null);
          const run = useCallback(async (...args) => { const result = await fn(...args); setValue(result); return result; }, [fn]);
          return { run, value };
        }`,
      'src/components/Chat.jsx': `import { useState } from 'react';
        import { useAsync } from '../hooks/useAsync';
        const askBook = async (message) => { const response = ${ask}; return response.json(); };
        export default function Chat() {
          const [input, setInput] = useState('');
          const { run, value } = useAsync(askBook);
          return <form onSubmit={() => run(input)}><input onChange={(e) => setInput(e.target.value)} />
            {value && <p>{value.answer}</p>}
            {value?.sources?.map((s) => <a href={s.url}>{s.title}</a>)}</form>;
        }`,
    },
    request,
    reply: 'json answer; sources: objects url title',
  },
  {
    title: 'named functions that a promise is given',
    files: {
      'src/components/Chat.jsx': chatComponent(
        `fetch('${api}/api/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input }) }).then(toJson).then(toMessage).then((m) => { setAnswer(m.text); setSources(m.links); });`,
        {
          top: `const toJson = (response) => response.json();
            const toMessage = (data) => ({ text: data.answer, links: data.sources });`,
        },
      ),
    },
    request,
    reply: 'json answer; sources: objects url title',
  },
  {
    title: 'a mutation of React Query',
    files: {
      'src/components/Chat.jsx': `import { useState } from 'react';
        import { useMutation } from '@tanstack/react-query';
        const askBook = async (message) => { const response = ${ask}; return response.json(); };
        export default function Chat() {
          const [input, setInput] = useState('');
          const { mutate, data } = useMutation({ mutationFn: askBook });
          return <form onSubmit={() => mutate(input)}><input onChange={(e) => setInput(e.target.value)} />
            {data && <p>{data.answer}</p>}
            {data?.sources?.map((s) => <a href={s.url}>{s.title}</a>)}</form>;
        }`,
    },
    request,
    reply: 'json answer; sources: objects url title',
  },
  {
    title: 'a message object that a class makes of the reply',
    files: {
      'src/chat-message.js': `export class ChatMessage {
          constructor(id, role, content, sources = []) {
            if (!content) throw new Error('A message has a content');
            this.id = id;
            this.role = role;
            this.content = content;
            this.sources = sources || [];
          }
        }`,
      'src/session.js': `import { ChatMessage } from './chat-message';
        export class Session {
          async send(message) {
            const response = ${ask};
            const data = await response.json();
            const shown = new ChatMessage('1', 'assistant', data.response, data.context_sources);
            return { reply: shown };
          }
        }`,
      'src/components/Chat.jsx': chatComponent(
        `const { reply } = await chat.send(input); setAnswer(reply.content); setSources(reply.sources);`,
        { top: `import { Session } from '../session';\nconst chat = new Session();` },
      ),
    },
    request,
    reply: 'json response; context_sources: objects url title',
  },
  {
    title: 'a text that is taken for an object first',
    files: {
      'src/components/Chat.jsx': chatComponent(
        `const text = await callServer(input); setAnswer(text.answer || text);`,
        {
          top: `const callServer = async (message) => {
            const response = ${ask};
            const data = await response.json();
            return data.answer || 'Nothing found.';
          };`,
        },
      ),
    },
    request,
    reply: 'json answer answer.answer',
  },
  {
    title: 'a client that an effect puts into a ref',
    files: {
      'src/chat-api.js': `export class ChatApi {
          constructor(url) { this.url = url; }
          async query(message) {
            const response = await fetch(this.url + '/api/chat', { method: 'POST', ${json}, body: JSON.stringify({ message }) });
            return response.json();
          }
        }`,
      'src/components/Chat.jsx': chatComponent(
        `const reply = await api.current.query(input); setAnswer(reply.answer); setSources(reply.sources);`,
        {
          top: `import { useRef, useEffect } from 'react';
            import { ChatApi } from '../chat-api';`,
          render: `<p>{answer}</p>{sources.map((s) => <a href={s.url}>{s.title}</a>)}`,
        },
      ).replace(
        'const send =',
        `const api = useRef(null);
        useEffect(() => { api.current = new ChatApi('${api}'); }, []);
        const send =`,
      ),
    },
    request: 'POST /api/chat json message',
    reply: 'json answer; sources: objects url title',
  },
  {
    title: 'a function that a package gets, which no one can follow',
    files: {
      'src/components/Chat.jsx': `import { register } from 'some-chat-package';
        const askBook = async (message) => { const response = ${ask}; return response.json(); };
        export default function Chat() { register('chat', askBook); return <div id="chat" />; }`,
    },
    request,
    reply: 'unknown',
  },
  {
    title: 'callbacks that a service gets',
    files: {
      'src/api.js': `export async function askBook(message, { onAnswer, onError }) {
          const response = ${ask};
          if (!response.ok) return onError(await response.text());
          const data = await response.json();
          onAnswer(data);
        }`,
      'src/components/Chat.jsx': chatComponent(
        `await askBook(input, { onAnswer: (data) => { setAnswer(data.reply); setSources(data.sources); }, onError: setError });`,
        { top: `import { askBook } from '../api';` },
      ),
    },
    request,
    reply: 'json reply; sources: objects url title',
  },
  {
    title: 'the one instance of a class, which a static method keeps',
    files: {
      'src/chat-api.js': `const API = 'https://rag.example.org/api/v1';
        export class ChatApi {
          static instance;
          constructor() {
            this.base = API;
          }
          static getInstance() {
            if (!ChatApi.instance) ChatApi.instance = new ChatApi();
            return ChatApi.instance;
          }
          async send(request) {
            const response = await fetch(\`\${this.base}/chat\`, {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify(request),
            });
            if (!response.ok) throw new Error(String(response.status));
            return await response.json();
          }
          async history(conversation, limit = 50) {
            const response = await fetch(\`\${this.base}/chat/history/\${conversation}?limit=\${limit}\`);
            return await response.json();
          }
        }
        export const chatApi = ChatApi.getInstance();`,
      'src/components/Chat.jsx': chatComponent(
        `    const data = await chatApi.send({ message: input, context: { page: location.pathname } });
    setAnswer(data.response);
    setSources(data.sources || []);`,
        { top: `import { chatApi } from '../chat-api.js';` },
      ),
    },
    request: 'POST /chat json message context(unknown)',
    reply: 'json response; sources: objects url title',
  },
];
