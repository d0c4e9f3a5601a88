import React, { useState } from 'react';
import ChatForm from './ChatForm';
import { createChatClient } from './client';

export default function ChatWidget() {
  const [client] = useState(() => createChatClient());
  const [reply, setReply] = useState({ answer: '', sources: [] });
  const [failure, setFailure] = useState('');

  const onAsk = (question) =>
    client.ask(question).then(setReply, (error) => setFailure(String(error)));

  return (
    <ChatForm onAsk={onAsk} answer={reply.answer} failure={failure}>
      {reply.sources.map((source) => (
        <li key={source.url}>
          <a href={source.url}>{source.title}</a>
        </li>
      ))}
    </ChatForm>
  );
}
