import type { ChatContract } from '../../model/chat-contract.ts';

/** How the frontend of the FastAPI server asks, and reads the answer: the server is asked so where no page tells otherwise. */
export const canonicalContract: ChatContract = {
  path: '/api/chat',
  method: 'POST',
  contentType: 'json',
  body: [
    { key: 'message', role: 'question' },
    { key: 'mode', role: 'constant', value: 'general' },
  ],
  headers: { accept: 'text/event-stream' },
  credentials: 'same-origin',
  reply: { type: 'stream', form: 'canonical' },
};

/** Whether everything is known that it takes to ask as the page does and to read the reply as it does. */
export function isComplete({ body, reply, contentType }: ChatContract): boolean {
  const isReadable = reply.type === 'json' || (reply.type === 'stream' && reply.form !== 'unknown');
  return isReadable && contentType === 'json' && body.some(({ role }) => role === 'question');
}
