import { chatComponent, type ChatClient } from './chat-client.ts';

const api = 'https://rag.example.org';
const json = `headers: { 'Content-Type': 'application/json' }`;

/** Classes, factories, hooks, contexts and wrappers around the request. */
export const wrapperClients: readonly ChatClient[] = [
  {
    title: 'a class with a method of its own for requests',
    files: {
      'src/lib/RagClient.ts': `export class RagClient {
          private readonly baseUrl: string;
          constructor(baseUrl: string) { this.baseUrl = baseUrl; }
          private async request(path: string, options: RequestInit = {}) {
            const response = await fetch(\`\${this.baseUrl}\${path}\`, { ...options, ${json} });
            if (!response.ok) throw new Error((await response.json()).detail);
            return response.json();
          }
          async ask(question: string) { return this.request('/api/ask', { method: 'POST', body: JSON.stringify({ question, limit: 4 }) }); }
          async rate(id: string, rating: number) { return this.request('/api/feedback', { method: 'POST', body: JSON.stringify({ id, rating }) }); }
        }
        export const client = new RagClient('${api}');`,
      'src/components/Chat.jsx': chatComponent(
        `const reply = await client.ask(input); setAnswer(reply.answer); setSources(reply.sources);`,
        { top: `import { client } from '../lib/RagClient';` },
      ),
    },
    request: 'POST /api/ask json question limit=4',
    reply: 'json answer; sources: objects url title',
  },
  {
    title: 'a service object',
    files: {
      'src/services/chat.js': `const BASE = '${api}/api';
        const chatService = {
          async send(message, sessionId) {
            const res = await fetch(BASE + '/chat', { method: 'POST', ${json}, body: JSON.stringify({ message, session_id: sessionId }) });
            const body = await res.json();
            return { text: body.response, links: body.sources.map((source) => source.url) };
          },
        };
        export default chatService;`,
      'src/components/Chat.jsx': chatComponent(
        `const { text, links } = await chatService.send(input, session); setAnswer(text); setSources(links);`,
        {
          top: `import chatService from '../services/chat';`,
          render: `<p>{answer}</p>{sources.map((link) => <a href={link}>{link}</a>)}`,
        },
      ),
    },
    request: 'POST /chat json message session_id(session)',
    reply: 'json response; sources: objects url',
  },
  {
    title: 'a factory',
    files: {
      'src/lib/createChat.js': `export const createChat = ({ baseUrl }) => ({
          ask: async (text) => {
            const reply = await fetch(new URL('/api/query', baseUrl), { method: 'POST', ${json}, body: JSON.stringify({ query: text }) });
            return reply.json();
          },
        });`,
      'src/components/Chat.jsx': chatComponent(
        `const data = await chat.ask(input); setAnswer(data.output);`,
        {
          top: `import { createChat } from '../lib/createChat';\nconst chat = createChat({ baseUrl: '${api}' });`,
        },
      ),
    },
    request: 'POST /api/query json query',
    reply: 'json output',
  },
  {
    title: 'a hook with a reducer',
    files: {
      'src/hooks/useChat.js': `import { useReducer, useCallback } from 'react';
        function reducer(state, action) {
          switch (action.type) {
            case 'answer': return { ...state, messages: [...state.messages, { role: 'bot', text: action.payload.answer, refs: action.payload.sources }] };
            default: return state;
          }
        }
        export function useChat() {
          const [state, dispatch] = useReducer(reducer, { messages: [] });
          const send = useCallback(async (text) => {
            const res = await fetch('${api}/api/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: text }) });
            const payload = await res.json();
            dispatch({ type: 'answer', payload });
          }, []);
          return { messages: state.messages, send };
        }`,
      'src/components/Chat.jsx': `import { useChat } from '../hooks/useChat';
        export default function Chat() {
          const { messages, send } = useChat();
          return <div onClick={() => send('x')}>{messages.map((m) => <div>{m.text}{m.refs?.map((ref) => <a href={ref.url}>{ref.section}</a>)}</div>)}</div>;
        }`,
    },
    request: 'POST json message',
    reply: 'json answer; sources: objects url section',
  },
  {
    title: 'a context, and components that get properties',
    files: {
      'src/ChatContext.jsx': `import { createContext, useState, useContext } from 'react';
        const ChatContext = createContext(null);
        export const useChatContext = () => useContext(ChatContext);
        export function ChatProvider({ children }) {
          const [messages, setMessages] = useState([]);
          const ask = async (question) => {
            const res = await fetch('${api}/ask', { method: 'POST', ${json}, body: JSON.stringify({ question }) });
            const data = await res.json();
            setMessages((list) => [...list, { content: data.answer, sources: data.sources ?? [] }]);
          };
          return <ChatContext.Provider value={{ messages, ask }}>{children}</ChatContext.Provider>;
        }`,
      'src/components/Source.jsx': `export const Source = ({ source, index }) => <li key={index}>{typeof source === 'string' ? source : source.title}</li>;`,
      'src/components/Chat.jsx': `import { useChatContext } from '../ChatContext';
        import { Source } from './Source';
        const Message = ({ message }) => <div><p>{message.content}</p>{message.sources.map((source, index) => <Source source={source} index={index} />)}</div>;
        export default function Chat() {
          const { messages, ask } = useChatContext();
          return <div onClick={() => ask('x')}>{messages.map((message) => <Message message={message} />)}</div>;
        }`,
    },
    request: 'POST json question',
    reply: 'json answer; sources: objects title',
  },
  {
    title: 'a retry around the request',
    files: {
      'src/lib/retry.js': `export async function withRetry(run, attempts = 3) {
          for (let left = attempts; ; left -= 1) {
            try { return await run(); } catch (error) { if (left === 0) throw error; }
          }
        }`,
      'src/components/Chat.jsx': chatComponent(
        `const response = await withRetry(() => fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ query: input }) }));
         const data = await response.json();
         setAnswer(data.answer);`,
        { top: `import { withRetry } from '../lib/retry';` },
      ),
    },
    request: 'POST json query',
    reply: 'json answer',
  },
  {
    title: 'a callback that gets the answer',
    files: {
      'src/lib/ask.js': `export async function ask(question, { onAnswer, onError }) {
          try {
            const res = await fetch('${api}/api/chat', { method: 'POST', ${json}, body: JSON.stringify({ question }) });
            onAnswer(await res.json());
          } catch (error) { onError(error); }
        }`,
      'src/components/Chat.jsx': chatComponent(
        `ask(input, { onAnswer: (data) => { setAnswer(data.response); }, onError: (problem) => setError(problem.message) });`,
        { top: `import { ask } from '../lib/ask';` },
      ),
    },
    request: 'POST json question',
    reply: 'json response',
  },
  {
    title: 'a promise of its own, with a timeout',
    files: {
      'src/components/Chat.jsx': chatComponent(
        `const timeout = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 1000));
         const response = await Promise.race([fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input }) }), timeout]);
         const data = await response.json();
         setAnswer(data.answer);`,
      ),
    },
    request: 'POST json message',
    reply: 'json answer',
  },
  {
    title: 'a reply that only a package gets',
    files: {
      'src/components/Chat.jsx': chatComponent(
        `const res = await fetch('${api}/chat', { method: 'POST', ${json}, body: JSON.stringify({ message: input }) });
         store.addReply(await res.json());`,
        { top: `import { store } from 'some-chat-store';` },
      ),
    },
    request: 'POST json message',
    reply: 'unknown',
  },
  {
    title: 'a plain script that writes into the page',
    files: {
      'src/theme/Root.js': `import '../chat-widget';`,
      'src/chat-widget.js': `class Widget {
          constructor() { this.url = '${api}/api/chat'; this.list = document.createElement('ul'); }
          add(text, who, sources = []) {
            const item = document.createElement('li');
            item.innerHTML = text;
            sources.forEach((source) => { const a = document.createElement('a'); a.href = source.url; a.textContent = source.title; item.appendChild(a); });
            this.list.appendChild(item);
          }
          async ask(question) {
            const res = await fetch(this.url, { method: 'POST', ${json}, body: JSON.stringify({ question }) });
            const data = await res.json();
            this.add(data.answer, 'bot', data.citations);
          }
        }
        const widget = new Widget();
        document.addEventListener('submit', () => widget.ask(document.querySelector('input').value));`,
    },
    request: 'POST json question',
    reply: 'json answer; citations: objects url title',
  },
  {
    title: 'a wrapper that a body and a path are given to',
    files: {
      'src/lib/api.js': `export async function post(path, payload) {
          const res = await fetch('${api}' + path, { method: 'POST', ${json}, credentials: 'include', body: JSON.stringify(payload) });
          return res.json();
        }`,
      'src/components/Login.jsx': `import { post } from '../lib/api';
        export default () => <form onSubmit={() => post('/api/login', { email: 'a', password: 'b' })} />;`,
      'src/components/Chat.jsx': chatComponent(
        `const reply = await post('/api/chat', { message: input, mode: 'general', ...(selected && { context: selected }) }); setAnswer(reply.answer);`,
        { top: `import { post } from '../lib/api';` },
      ),
    },
    request: 'POST /api/chat json message mode="general" context(selection) +include',
    reply: 'json answer',
  },
];
