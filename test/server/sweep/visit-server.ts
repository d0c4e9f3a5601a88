/** Sends every request that a user or an operator may send, and collects the responses. */
import { askServer } from '../reference-client.ts';

const question = 'How far does a small lidar measure?';
const unknown = '00000000-0000-4000-8000-000000000000';

async function wholeAnswer(response: Response): Promise<string> {
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  return `${response.status} ${response.statusText}\n${headers}\n\n${await response.text()}`;
}

/**
 * Every text that the server sent, heads and bodies. Throws where an existing frontend's parser would, where nothing
 * would be shown, and where an answer has an unexpected form.
 */
export async function visitServer(url: string): Promise<string[]> {
  const sent: string[] = [];
  const get = async (path: string, init?: RequestInit): Promise<void> =>
    void sent.push(await wholeAnswer(await fetch(`${url}${path}`, init)));
  const post = (path: string, body: string) =>
    get(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  const streamed = async (body: unknown): Promise<string> => {
    const { response, events } = await askServer(url, body);
    sent.push([...response.headers].join('\n'), JSON.stringify(events));
    return String(events[0]!.conversation_id);
  };
  const id = await streamed({ message: question });
  await Promise.all([
    streamed({ message: 'And its resolution?', conversation_id: id }),
    streamed({ message: question, conversation_id: unknown }),
    streamed({ message: 'What is this?', mode: 'selection', context: 'A lidar measures distance.' }),
    streamed({ message: 'Hello!' }),
    post('/api/chat', JSON.stringify({ query: question })),
    get('/api/health'),
    get(`/api/conversation/${id}`),
    get('/', { headers: { accept: 'text/html' } }),
  ]);
  await Promise.all([
    post('/api/chat', '{"message":'),
    get('/api/health'),
    get('/health', { method: 'HEAD' }),
    get('/api/conversation/none'),
    get(`/api/conversation/${id}`),
    get('/openapi.json'),
  ]);
  return sent;
}
