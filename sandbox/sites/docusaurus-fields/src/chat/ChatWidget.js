import React, { useState } from 'react';
import useDocusaurusContext from '@docusaurus/useDocusaurusContext';
import { ask } from './ask';

export default function ChatWidget() {
  const {
    siteConfig: { customFields },
  } = useDocusaurusContext();
  const { ragBackendUrl } = customFields;
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [failure, setFailure] = useState('');

  async function submit(event) {
    event.preventDefault();
    const question = new FormData(event.target).get('question');
    try {
      for await (const one of ask(`${ragBackendUrl}/api/chat`, question)) {
        if (one.type === 'token') setAnswer((text) => text + one.content);
        if (one.type === 'done') setSources(one.sources || []);
      }
    } catch (error) {
      setFailure(String(error));
    }
  }

  return (
    <form id="chat" onSubmit={submit}>
      <input name="question" aria-label="Question" />
      <button>Ask</button>
      <p className="answer">{answer}</p>
      <p className="failure">{failure}</p>
      <ul className="sources">
        {sources.map((source) => (
          <li key={source.file + source.heading}>{source.heading}</li>
        ))}
      </ul>
    </form>
  );
}
