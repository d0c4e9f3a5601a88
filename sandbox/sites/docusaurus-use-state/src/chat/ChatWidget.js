import React, { useState } from 'react';
import ChatForm from './ChatForm';

const isLocal = () => typeof window !== 'undefined' && window.location.hostname === 'localhost';

export default function ChatWidget() {
  const [apiBase] = useState(() => (isLocal() ? 'http://localhost:8000' : 'https://ana-old-book.onrender.com'));
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [failure, setFailure] = useState('');

  async function onAsk(question) {
    try {
      const response = await fetch(`${apiBase}/api/query`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ question }),
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const data = await response.json();
      setAnswer(data.answer);
      setSources(data.sources);
    } catch (error) {
      setFailure(String(error));
    }
  }

  return (
    <ChatForm onAsk={onAsk} answer={answer} failure={failure}>
      {sources.map((source) => (
        <li key={source}>
          <a href={source}>{source}</a>
        </li>
      ))}
    </ChatForm>
  );
}
