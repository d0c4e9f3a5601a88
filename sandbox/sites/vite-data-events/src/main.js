import { onQuestion, showAnswer, showSource } from './form.js';

const API_BASE = import.meta.env.VITE_API_URL || 'http://localhost:8000';

onQuestion(async (question) => {
  const response = await fetch(`${API_BASE}/api/chat/stream`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ question_text: question, context_mode: 'full' }),
  });
  if (!response.ok) throw new Error('HTTP ' + response.status);
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let buffer = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (buffer + decoder.decode(value, { stream: true })).split('\n');
    buffer = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: ')) continue;
      const event = JSON.parse(line.slice(6));
      if (event.type === 'delta') showAnswer(event.data);
      if (event.type === 'sources') event.data.forEach((source) => showSource(source.url, source.title));
      if (event.type === 'error') throw new Error(event.data);
    }
  }
});
