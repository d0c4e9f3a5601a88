/** A chat of our own making, and its contract as `contractText` writes it; `unknown` where no one could say it. */
export type ChatClient = {
  title: string;
  files: Readonly<Record<string, string>>;
  request: string;
  reply: string;
  /** Detection says that it cannot be served; its bundle shows the contract. */
  isRefused?: true;
};

/** A component that asks: `code` runs when a reader sends `input`, and `show(text, sources)` shows the answer. */
export function chatComponent(code: string, { top = '', render = defaultRender } = {}): string {
  return `import React, { useState } from 'react';
${top}
export default function Chat() {
  const [input, setInput] = useState('');
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [selected, setSelected] = useState('');
  const [session, setSession] = useState(null);
  const [error, setError] = useState(null);
  const send = async () => {
${code}
  };
  return <form onSubmit={send}>
    <input value={input} onChange={(event) => setInput(event.target.value)} />
${render}
  </form>;
}
`;
}

const defaultRender = `    <p>{answer}</p>
    {sources.map((source) => <a key={source.url} href={source.url}>{source.title}</a>)}`;

/** One component in one file. */
export function client(
  title: string,
  { code, request, reply, isRefused, ...options }: Omit<ChatClient, 'title' | 'files'> & ClientCode,
): ChatClient {
  return {
    title,
    files: { 'src/components/Chat.jsx': chatComponent(code, options) },
    request,
    reply,
    ...(isRefused && { isRefused }),
  };
}

type ClientCode = { code: string; top?: string; render?: string };
