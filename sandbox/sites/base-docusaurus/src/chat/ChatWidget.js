import React, { useState } from 'react';
import { chatUrl } from './address';
import { ask } from './ask';
import ChatForm from './ChatForm';

export default function ChatWidget() {
  const [answer, setAnswer] = useState('');
  const [sources, setSources] = useState([]);
  const [failure, setFailure] = useState('');

  async function onAsk(question) {
    try {
      for await (const one of ask(chatUrl(), question)) {
        if (one.type === 'token') setAnswer((text) => text + one.content);
        if (one.type === 'done') setSources(one.sources || []);
      }
    } catch (error) {
      setFailure(String(error));
    }
  }

  return (
    <ChatForm onAsk={onAsk} answer={answer} failure={failure}>
      {sources.map((source) => (
        <li key={source.file + source.heading}>
          <a href={'/' + source.file.replace('.md', '')}>{source.heading}</a>
        </li>
      ))}
    </ChatForm>
  );
}
