import React, { useState } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import ChatForm from './ChatForm';

export default function ChatWidget() {
  const { siteConfig } = useDocusaurusContext();
  const { apiUrl } = siteConfig.customFields.chatbot;
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [failure, setFailure] = useState('');

  async function onAsk(question) {
    try {
      const response = await fetch(`${apiUrl}/api/v1/query`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: question, top_k: 5 }),
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
