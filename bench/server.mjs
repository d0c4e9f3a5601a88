/**
 * The server beside the floor (bare node:http), Fastify's empty route and, where it is installed, FastAPI: start,
 * first token, memory of held streams, health, leaving, overlap. Prints one JSON line for each figure.
 */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { median, memoryOf, quantile, sleep } from './processes.mjs';
import { ask, clock, get, rate } from './readers.mjs';
import { openStage, peerVersion } from './stage.mjs';

const wanted = process.argv.slice(2);
const peers = peerVersion === null ? ['floor'] : ['floor', 'peer'];

const print = (figure) => process.stdout.write(`${JSON.stringify(figure)}\n`);

/** `holds` is null where there is no target, or the noise of a shared machine would decide. */
function report(name, values, unit, { floor = null, target = null, holds = null } = {}) {
  print({
    name,
    value: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    unit,
    runs: values.length,
    floor,
    target,
    holds,
  });
}

async function until(port, path) {
  for (const deadline = clock() + 20_000; clock() < deadline;) {
    const answer = await get({ port, path }).catch(() => null);
    if (answer?.status === 200) return clock();
    await sleep(1);
  }
  throw new Error(`${path} never answered 200`);
}

async function startTimes(stage) {
  const times = { ours: [], floor: [], peer: [] };
  const healthy = [];
  for (let round = 0; round < 9; round += 1) {
    for (const name of ['ours', ...peers]) {
      const server = await stage.run(name);
      times[name].push(
        (await until(server.port, name === 'ours' ? '/api/live' : '/api/health')) - server.began,
      );
      if (name === 'ours') healthy.push((await until(server.port, '/api/health')) - server.began);
      await server.stop();
    }
  }
  const floor = median(times.floor);
  const ratio = median(times.ours) / floor;
  report('start to first answer', times.ours, 'ms', { floor, target: '<= 2.5 x floor', holds: ratio <= 2.5 });
  report('start to healthy', healthy, 'ms', {
    floor,
    target: '<= 350 ms (aim)',
    holds: median(healthy) <= 350,
  });
  if (peers.includes('peer'))
    report(`start to first answer, FastAPI ${peerVersion}`, times.peer, 'ms', { floor });
}

const agent = new Agent({ keepAlive: true });

const answering = 'v1beta/models/m:streamGenerateContent?alt=sse';

/** Milliseconds until the first bytes of an answer's stream, else until the answer's end. */
async function asked(url) {
  const began = clock();
  await new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', agent }, (message) => {
      message.once('data', () => url.endsWith(answering) && resolve());
      message.once('end', resolve);
    });
    outgoing.once('error', reject).end('{}');
  });
  return clock() - began;
}

/** The three calls that an answer needs, asked directly: what is left of ours is what we add. */
async function directly(address) {
  const embedding = await asked(`${address}/v1beta/models/m:embedContent`);
  const search = await asked(`${address}/collections/c/points/query`);
  return embedding + search + (await asked(`${address}/${answering}`));
}

async function firstTokens(stage) {
  const names = ['ours', ...peers];
  const servers = {};
  for (const name of names) servers[name] = await stage.runReady(name);
  const rounds = Object.fromEntries([...names, 'direct', 'p99'].map((name) => [name, []]));
  for (let round = 0; round < 7; round += 1) {
    const times = Object.fromEntries([...names, 'direct'].map((name) => [name, []]));
    for (let at = 0; at < 150; at += 1) {
      times.direct.push(await directly(stage.address));
      for (const name of names) {
        const { ms, socket } = await ask({
          port: servers[name].port,
          body: questionNumber(round * 150 + at),
        });
        socket.destroy();
        times[name].push(ms);
      }
    }
    if (round === 0) continue;
    for (const name of names) rounds[name].push(median(times[name]) - median(times.direct));
    rounds.p99.push(quantile(times.ours, 0.99) - quantile(times.direct, 0.99));
    rounds.direct.push(median(times.direct));
  }
  const floor = median(rounds.floor);
  report('first token added, median', rounds.ours, 'ms', {
    floor,
    target: '<= 1 ms',
    holds: median(rounds.ours) <= 1,
  });
  report('first token added, p99', rounds.p99, 'ms', { target: '<= 10 ms', holds: median(rounds.p99) <= 10 });
  if (peers.includes('peer'))
    report(`first token added, FastAPI ${peerVersion}`, rounds.peer, 'ms', { floor });
  for (const name of names) await servers[name].stop();
}

/** Each reader asks something else: the same question would be embedded once for all. */
const questionNumber = (at) => ({ message: `How does lidar number ${at} measure distance?` });

async function holdStreams(stage, name) {
  const server = await stage.runReady(name);
  for (let at = 0; at < 200; at += 1)
    (await ask({ port: server.port, body: questionNumber(-at) })).socket.destroy();
  await sleep(1_000);
  const before = memoryOf(server.pid);
  await stage.control({ hold: true });
  const began = clock();
  const asked = await Promise.allSettled(
    Array.from({ length: 1_000 }, (_, at) => ask({ port: server.port, body: questionNumber(at) })),
  );
  const tokensAfter = clock() - began;
  await sleep(1_500);
  const held = memoryOf(server.pid) - before;
  const health = [];
  for (let at = 0; at < 50; at += 1) health.push((await get({ port: server.port, path: '/api/health' })).ms);
  for (const { value } of asked) value?.socket.destroy();
  await stage.control({ hold: false });
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
    errors: asked.filter(({ status }) => status !== 'fulfilled').length,
  };
}

async function streams(stage) {
  const runs = { ours: [], floor: [], peer: [] };
  for (let round = 0; round < 5; round += 1)
    for (const name of ['ours', ...peers]) runs[name].push(await holdStreams(stage, name));
  const of = (name, key) => runs[name].map((run) => run[key]);
  const floor = (key) => median(of('floor', key));
  const held = median(of('ours', 'held'));
  report('1000 streams, errors', of('ours', 'errors'), '', {
    target: '0',
    holds: Math.max(...of('ours', 'errors')) === 0,
  });
  report('1000 streams, memory', of('ours', 'held'), 'MB', {
    floor: floor('held'),
    target: '<= 35 MB',
    holds: held <= 35,
  });
  const left = median(of('ours', 'after'));
  report('memory left after they closed', of('ours', 'after'), 'MB', {
    floor: floor('after'),
    target: '<= 30 MB',
    holds: left <= 30,
  });
  report('until all 1000 had a token', of('ours', 'tokensAfter'), 'ms', { floor: floor('tokensAfter') });
  const slowest = of('ours', 'health');
  report('health with 1000 streams, slowest', slowest, 'ms', {
    floor: floor('health'),
    target: '< 50 ms',
    holds: median(slowest) < 50,
  });
  if (runs.peer.length > 0)
    report(`1000 streams, memory, FastAPI ${peerVersion}`, of('peer', 'held'), 'MB', {
      floor: floor('held'),
    });
}

async function healthRate(stage) {
  const servers = { ours: await stage.runReady('ours'), fastify: await stage.runReady('fastify') };
  const rates = { ours: [], fastify: [] };
  for (let round = 0; round < 6; round += 1)
    for (const [name, { port }] of Object.entries(servers)) {
      const one = await rate({ port, path: '/api/health' });
      if (round > 0) rates[name].push(one);
    }
  const floor = median(rates.fastify);
  report('health, answers a second', rates.ours, '/s', {
    floor,
    target: ">= 0.7 x Fastify's empty route",
    holds: median(rates.ours) >= 0.7 * floor,
  });
  for (const server of Object.values(servers)) await server.stop();
}

async function leaving(stage) {
  const server = await stage.runReady('ours');
  await stage.control({ hold: true, forget: true });
  const rounds = [];
  for (let round = 0; round < 6; round += 1) {
    const waits = [];
    for (let at = 0; at < 100; at += 1) {
      const { socket } = await ask({ port: server.port });
      await stage.control({ forget: true });
      const left = clock();
      socket.destroy();
      let closings = [];
      while (closings.length === 0) ({ closings } = await stage.control({}));
      waits.push(closings[0] / 1000 - left);
    }
    if (round > 0) rounds.push(quantile(waits, 0.99));
  }
  await stage.control({ hold: false });
  await server.stop();
  report('upstream closed after a reader left, p99', rounds, 'ms', {
    target: '<= 50 ms',
    holds: median(rounds) <= 50,
  });
}

async function overlap(stage) {
  const server = await stage.runReady('ours');
  for (let at = 0; at < 5; at += 1) (await ask({ port: server.port })).socket.destroy();
  stage.door.delay.ms = 600;
  await stage.control({ delays: { embed: 300, search: 80 } });
  const times = [];
  const model = [];
  for (let at = 0; at < 7; at += 1) {
    model.push(await asked(`${stage.address}/${answering}`));
    const body = { message: `How does lidar ${at} measure?`, conversation_id: randomUUID() };
    const { ms, socket } = await ask({ port: server.port, body });
    socket.destroy();
    times.push(ms);
    await sleep(2_500);
  }
  stage.door.delay.ms = 0;
  await stage.control({ delays: { embed: 0, search: 0 } });
  await server.stop();
  report('first token, database +600, embedding +300, Qdrant +80', times, 'ms', {
    floor: 600,
    target: `<= 620 ms + the model's own (${median(model).toFixed(1)} ms)`,
    holds: median(times) <= 620 + median(model),
  });
}

/** From a process that is not there and a database that sleeps, and takes a second and a half to wake. */
async function cold(stage) {
  const delays = { embed: 300, search: 80, first: 700 };
  const vendors = delays.embed + delays.search + delays.first;
  await stage.control({ delays });
  const healthy = [];
  const tokens = [];
  for (let at = 0; at < 5; at += 1) {
    stage.door.sleep(1_500);
    const server = await stage.run('ours');
    await until(server.port, '/api/live');
    const { socket } = await ask({ port: server.port });
    tokens.push(clock() - server.began);
    socket.destroy();
    healthy.push((await until(server.port, '/api/health')) - server.began);
    await server.stop();
  }
  stage.door.sleep(0);
  await stage.control({ delays: { embed: 0, search: 0, first: 0 } });
  report('cold, sleeping database: healthy', healthy, 'ms', {
    target: '<= 5 s',
    holds: Math.max(...healthy) <= 5_000,
  });
  report('cold, sleeping database: first token', tokens, 'ms', {
    target: '<= 10 s',
    holds: Math.max(...tokens) <= 10_000,
  });
  const ours = tokens.map((ms) => ms - vendors);
  report(`of that ours (the vendors take ${vendors} ms)`, ours, 'ms');
}

const measures = {
  start: startTimes,
  token: firstTokens,
  health: healthRate,
  leaving,
  overlap,
  cold,
  streams,
};
const stage = await openStage();
try {
  for (const [name, measure] of Object.entries(measures))
    if (wanted.length === 0 || wanted.includes(name)) await measure(stage);
} finally {
  await stage.close();
}
