import { onQuestion, showAnswer, showSource } from './form.js';

onQuestion(async (question) => {
  const response = await fetch('http://localhost:8000/ask', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ question }),
  });
  if (!response.ok) throw new Error('HTTP ' + response.status);
  const { answer, sources } = await response.json();
  showAnswer(answer);
  for (const source of sources) showSource(source, source.split('/').pop());
});
