import React, { useState } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import ChatForm from './ChatForm';

export default function ChatWidget() {
  const { siteConfig } = useDocusaurusContext();
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [failure, setFailure] = useState('');

  async function onAsk(question) {
    try {
      const response = await fetch(`${siteConfig.customFields.backendUrl}/api/rag/query`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ query: question, session_id: 'reader' }),
      });
      if (!response.ok) throw new Error(`HTTP ${response.status}`);
      const data = await response.json();
      setAnswer(data.response);
      setSources(data.sources);
    } catch (error) {
      setFailure(String(error));
    }
  }

  return (
    <ChatForm onAsk={onAsk} answer={answer} failure={failure}>
      {sources.map((source) => (
        <li key={source}>
          <a href={source}>{source.split('/').pop()}</a>
        </li>
      ))}
    </ChatForm>
  );
}
