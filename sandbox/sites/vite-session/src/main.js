import { onQuestion, showAnswer, showSource } from './form.js';

const API_BASE = import.meta.env.VITE_BACKEND_URL;
let sessionId = null;

const post = async (path, body) => {
  const response = await fetch(`${API_BASE}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error('HTTP ' + response.status);
  return response.json();
};

onQuestion(async (question) => {
  if (sessionId === null) sessionId = (await post('/api/v1/sessions', {})).session_id;
  const { response, sources } = await post('/api/v1/chat', { session_id: sessionId, message: question });
  showAnswer(response);
  sources.forEach((source) => showSource(source.url, source.title));
});
