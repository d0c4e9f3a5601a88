/**
 * The server compared with the floor (bare node:http), an empty Fastify route and, if installed, FastAPI: start, first
 * token, memory of open streams, health, disconnect, overlap. Prints one JSON line for each figure.
 */
import { firstTokens, leaving, overlap } from './server-answers.mjs';
import { healthRate, streams } from './server-load.mjs';
import { allDown, cold, startTimes } from './server-start.mjs';
import { openServerBench } from './server-bench.mjs';

const wanted = process.argv.slice(2);

const measures = {
  start: startTimes,
  token: firstTokens,
  health: healthRate,
  leaving,
  overlap,
  cold,
  down: allDown,
  streams,
};
const bench = await openServerBench();
try {
  for (const [name, measure] of Object.entries(measures))
    if (wanted.length === 0 || wanted.includes(name)) await measure(bench);
} finally {
  await bench.close();
}
