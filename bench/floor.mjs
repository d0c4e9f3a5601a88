/**
 * The floor: the same calls with node:http alone. `POST /api/chat` embeds, searches and forwards the model's stream;
 * nothing is parsed, checked, cited or stored. Reads PORT and UPSTREAM.
 */
import { Agent, createServer, request } from 'node:http';

const agent = new Agent({ keepAlive: true, scheduling: 'lifo' });
const base = process.env.UPSTREAM;
const paths = [
  '/v1beta/models/m:embedContent',
  '/collections/c/points/query',
  '/v1beta/models/m:streamGenerateContent?alt=sse',
];

const call = (path) =>
  new Promise((resolve, reject) => {
    const outgoing = request(base + path, { method: 'POST', agent }, (message) =>
      resolve({ message, outgoing }),
    );
    outgoing.on('error', reject);
    outgoing.end('{}');
  });

async function whole(path) {
  const { message } = await call(path);
  for await (const piece of message) void piece;
}

async function chat(response) {
  await whole(paths[0]);
  await whole(paths[1]);
  const { message, outgoing } = await call(paths[2]);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  message.on('error', () => undefined);
  response.on('close', () => outgoing.destroy());
  message.pipe(response);
}

createServer((incoming, response) => {
  if (incoming.url !== '/api/chat') {
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"healthy"}');
    return;
  }
  incoming.resume().on('end', () => void chat(response).catch(() => response.destroy()));
}).listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
