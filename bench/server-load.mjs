/** Load: many open streams, and many health requests. */
import { report } from './figures.mjs';
import { median, memoryOf, sleep } from './processes.mjs';
import { ask, clock, get, questionNumber, rate } from './readers.mjs';
import { peers, peerVersion } from './server-bench.mjs';

async function holdStreams(bench, name) {
  const server = await bench.runReady(name);
  for (let at = 0; at < 200; at += 1)
    (await ask({ port: server.port, body: questionNumber(-at) })).socket.destroy();
  await sleep(1_000);
  const before = memoryOf(server.pid);
  await bench.control({ hold: true });
  const began = clock();
  const questions = await Promise.allSettled(
    Array.from({ length: 1_000 }, (_, at) => ask({ port: server.port, body: questionNumber(at) })),
  );
  const tokensAfter = clock() - began;
  await sleep(1_500);
  const held = memoryOf(server.pid) - before;
  const health = [];
  for (let at = 0; at < 50; at += 1) health.push((await get({ port: server.port, path: '/api/health' })).ms);
  for (const { value } of questions) value?.socket.destroy();
  await bench.control({ hold: false });
  let after = Number.POSITIVE_INFINITY;
  for (let at = 0; at < 20 && after > 30; at += 1) {
    await sleep(500);
    after = memoryOf(server.pid) - before;
  }
  await server.stop();
  return {
    held,
    after,
    tokensAfter,
    health: Math.max(...health),
    errors: questions.filter(({ status }) => status !== 'fulfilled').length,
  };
}

export async function streams(bench) {
  const runs = { ours: [], floor: [], peer: [] };
  for (let round = 0; round < 5; round += 1)
    for (const name of ['ours', ...peers]) runs[name].push(await holdStreams(bench, name));
  const values = (name, key) => runs[name].map((run) => run[key]);
  const floor = (key) => median(values('floor', key));
  const held = median(values('ours', 'held'));
  report('1000 streams, errors', values('ours', 'errors'), '', {
    target: '0',
    holds: Math.max(...values('ours', 'errors')) === 0,
  });
  report('1000 streams, memory', values('ours', 'held'), 'MB', {
    floor: floor('held'),
    target: '<= 1.4 x floor',
    holds: held <= 1.4 * floor('held'),
  });
  const left = median(values('ours', 'after'));
  report('memory left after they closed', values('ours', 'after'), 'MB', {
    floor: floor('after'),
    target: '<= 30 MB',
    holds: left <= 30,
  });
  report('until all 1000 had a token', values('ours', 'tokensAfter'), 'ms', { floor: floor('tokensAfter') });
  const slowest = values('ours', 'health');
  report('health with 1000 streams, slowest', slowest, 'ms', {
    floor: floor('health'),
    target: '< 50 ms',
    holds: median(slowest) < 50,
  });
  if (runs.peer.length > 0)
    report(`1000 streams, memory, FastAPI ${peerVersion}`, values('peer', 'held'), 'MB', {
      floor: floor('held'),
    });
}

export async function healthRate(bench) {
  const servers = { ours: await bench.runReady('ours'), fastify: await bench.runReady('fastify') };
  const rates = { ours: [], fastify: [] };
  for (let round = 0; round < 6; round += 1)
    for (const [name, { port }] of Object.entries(servers)) {
      const perSecond = await rate({ port, path: '/api/health' });
      if (round > 0) rates[name].push(perSecond);
    }
  const floor = median(rates.fastify);
  report('health, answers a second', rates.ours, '/s', {
    floor,
    target: ">= 0.7 x Fastify's empty route",
    holds: median(rates.ours) >= 0.7 * floor,
  });
  for (const server of Object.values(servers)) await server.stop();
}
