import { onQuestion, showAnswer, showSource } from './form.js';
import { showAccount } from './account.js';

showAccount();
onQuestion(async (question) => {
  const response = await fetch('/api/v1/query', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ query: question, top_k: 3 }),
  });
  if (!response.ok) throw new Error('HTTP ' + response.status);
  const data = await response.json();
  showAnswer(data.answer);
  data.sources.forEach((source) => showSource(source.url, source.title));
});
