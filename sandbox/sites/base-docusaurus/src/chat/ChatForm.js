import React from 'react';

/** The form of a chat, its answer, and its sources as list items. */
export default function ChatForm({ onAsk, answer, failure, children, ...input }) {
  function submit(event) {
    event.preventDefault();
    onAsk(new FormData(event.target).get('question'));
  }

  return (
    <form id="chat" onSubmit={submit}>
      <input {...input} name="question" aria-label="Question" />
      <button>Ask</button>
      <p className="answer">{answer}</p>
      <p className="failure">{failure}</p>
      <ul className="sources">{children}</ul>
    </form>
  );
}
