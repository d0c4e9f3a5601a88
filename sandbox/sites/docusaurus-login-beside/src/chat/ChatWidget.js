import React, { useState } from 'react';
import ChatForm from './ChatForm';

export default function ChatWidget() {
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [failure, setFailure] = useState('');

  async function onAsk(question) {
    try {
      const response = await fetch('http://localhost:8000/chat', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ message: question, user_id: null }),
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
        <li key={source.url}>
          <a href={source.url}>{source.title}</a>
        </li>
      ))}
    </ChatForm>
  );
}
