/**
 * The server beside the floor (bare node:http), Fastify's empty route and, where it is installed, FastAPI: start,
 * first token, memory of held streams, health, leaving, overlap. Prints one JSON line for each figure.
 */
import { firstTokens, leaving, overlap } from './server-answers.mjs';
import { healthRate, streams } from './server-load.mjs';
import { allDown, cold, startTimes } from './server-start.mjs';
import { openStage } from './stage.mjs';

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
const stage = await openStage();
try {
  for (const [name, measure] of Object.entries(measures))
    if (wanted.length === 0 || wanted.includes(name)) await measure(stage);
} finally {
  await stage.close();
}
