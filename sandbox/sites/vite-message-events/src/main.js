import { onQuestion, showAnswer, showSource } from './form.js';

const API_BASE = import.meta.env.VITE_API_URL || 'http://localhost:8000';

onQuestion(async (question) => {
  const response = await fetch(`${API_BASE}/api/v1/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify({ message: question, stream: true }),
  });
  if (!response.ok) throw new Error('HTTP ' + response.status);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let buffer = '';
  let eventType = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (buffer + value).split('\n');
    buffer = lines.pop();
    for (const line of lines) {
      if (line.startsWith('event: ')) eventType = line.slice(7).trim();
      if (!line.startsWith('data: ') || eventType !== 'message') continue;
      const data = JSON.parse(line.slice(6));
      if (data.type === 'token') showAnswer(data.content);
      if (data.type === 'citation') showSource(data.citation.url, data.citation.title);
    }
  }
});
