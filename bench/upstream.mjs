/**
 * Gemini and Qdrant for benchmarks, on one port and as fast as node:http, with delays in milliseconds that
 * `POST /control` sets. Prints its URL; ends when its stdin does.
 */
import { createServer } from 'node:http';
import { sections, stamp } from './book.mjs';

const info = {
  status: 'green',
  optimizer_status: 'ok',
  points_count: sections.length + 1,
  segments_count: 1,
  payload_schema: {},
  config: {
    params: {
      vectors: { dense: { size: 768, distance: 'Cosine' } },
      sparse_vectors: { bm25: { modifier: 'idf' } },
    },
  },
};
const foundPoints = JSON.stringify({
  result: {
    points: sections.slice(0, 20).map((point, index) => ({ ...point, version: 0, score: 0.9 - index / 100 })),
  },
  status: 'ok',
  time: 0,
});
const ids = JSON.stringify({
  result: {
    points: sections.slice(0, 20).map(({ id }, index) => ({ id, version: 0, score: 0.9 - index / 100 })),
  },
  status: 'ok',
  time: 0,
});
const vector = JSON.stringify({
  embedding: { values: Array.from({ length: 768 }, (_, at) => ((at % 7) - 3) / 10) },
});
const chunk = (text, last) =>
  `data: ${JSON.stringify({ candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(last ? { finishReason: 'STOP' } : {}) }] })}\r\n\r\n`;

const delays = { embed: 0, search: 0, first: 0 };
/** `hold` keeps a stream open after its first piece. */
let hold = false;
let open = 0;
let closings = [];

const rows = [
  [/:embedContent/, (answer) => later(delays.embed, () => answer(vector))],
  [/:streamGenerateContent/, (_answer, response) => later(delays.first, () => stream(response))],
  [/\/v1beta\/models\//, (answer) => answer('{"name":"models/x"}')],
  [
    /\/points\/query/,
    (answer, _response, body) =>
      later(delays.search, () => answer(body.includes('"with_payload":false') ? ids : foundPoints)),
  ],
  [
    /\/points\/scroll/,
    (answer) =>
      answer(
        JSON.stringify({
          result: { points: [...sections, stamp], next_page_offset: null },
          status: 'ok',
          time: 0,
        }),
      ),
  ],
  [
    /\/points\/count$/,
    (answer) => answer(JSON.stringify({ result: { count: sections.length + 1 }, status: 'ok', time: 0 })),
  ],
  [/\/points$/, (answer) => answer(JSON.stringify({ result: [stamp], status: 'ok', time: 0 }))],
  [/\/collections\//, (answer) => answer(JSON.stringify({ result: info, status: 'ok', time: 0 }))],
];

function later(ms, work) {
  if (ms === 0) work();
  else setTimeout(work, ms);
}

function stream(response) {
  open += 1;
  response.on('close', () => {
    open -= 1;
    if (!response.writableEnded) closings.push(Number(process.hrtime.bigint() / 1000n));
  });
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(chunk('A lidar measures distance [Source 1]. ', false));
  if (!hold) response.end(chunk('It sends light.', true));
}

function control(body, answer) {
  const settings = body === '' ? {} : JSON.parse(body);
  if (settings.delays !== undefined) Object.assign(delays, settings.delays);
  if (settings.hold !== undefined) hold = settings.hold;
  const state = JSON.stringify({ open, closings });
  if (settings.forget === true) closings = [];
  answer(state);
}

const server = createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const answer = (text) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      });
      response.end(text);
    };
    if (request.url === '/control') return control(Buffer.concat(pieces).toString(), answer);
    const row = rows.find(([pattern]) => pattern.test(request.url));
    if (row === undefined) return response.writeHead(404).end('{}');
    row[1](answer, response, Buffer.concat(pieces).toString());
  });
});
server.keepAliveTimeout = 120_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`);
});
process.stdin.on('end', () => process.exit()).resume();
