/** Clients on plain sockets, so that the load costs less than the server. Times are in milliseconds. */
import { connect } from 'node:net';

const clock = () => Number(process.hrtime.bigint()) / 1e6;

function requestText(path, body) {
  if (body === null) return `GET ${path} HTTP/1.1\r\nhost: bench\r\n\r\n`;
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncache-control: no-cache\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/** Sends a question, for an answer of its own; resolves at the first text of the answer: `token` from our server, `candidates` when forwarded raw. */
export function ask({ port, body = { message: 'How does a lidar measure distance?', mode: 'general' } }) {
  return new Promise((resolve, reject) => {
    const began = clock();
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(requestText('/api/chat', body)));
    let seen = '';
    socket.setEncoding('utf8');
    socket.on('data', (text) => {
      if (seen === null) return;
      seen += text;
      if (!seen.startsWith('HTTP/1.1 200')) reject(new Error(seen.slice(0, 200)));
      if (!/"type":"token"|"candidates"/.test(seen)) return;
      seen = null;
      resolve({ ms: clock() - began, socket });
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed before a token: ${seen?.slice(0, 200)}`)));
  });
}

/** One request on a new connection; resolves with its status and duration. */
export function get({ port, path }) {
  return new Promise((resolve, reject) => {
    const began = clock();
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(requestText(path, null)));
    socket.once('data', (bytes) => {
      socket.destroy();
      resolve({ ms: clock() - began, status: Number(bytes.toString('latin1', 9, 12)) });
    });
    socket.once('error', reject);
  });
}

/** Answers per second, over `connections` keep-alive connections with one request each in progress. */
export function rate({ port, path, connections = 64, ms = 1_000 }) {
  return new Promise((resolve, reject) => {
    const request = requestText(path, null);
    let answers = 0;
    const sockets = Array.from({ length: connections }, () => {
      const socket = connect({ port, host: '127.0.0.1' }, () => socket.write(request));
      socket.setNoDelay(true);
      socket.on('error', reject);
      socket.on('data', () => {
        answers += 1;
        socket.write(request);
      });
      return socket;
    });
    const began = clock();
    setTimeout(() => {
      const seconds = (clock() - began) / 1000;
      for (const socket of sockets) socket.destroy();
      resolve(answers / seconds);
    }, ms);
  });
}

/** A different question for each reader, because equal ones would share an embedding. */
export const questionNumber = (at) => ({
  message: `How does lidar number ${at} measure distance?`,
  mode: 'general',
});

export { clock };
