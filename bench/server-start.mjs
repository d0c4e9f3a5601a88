/** From the start of the process to its first answer, to healthy, and to a first token, with and without its vendors. */
import { randomUUID } from 'node:crypto';
import { report } from './figures.mjs';
import { median, quantile, sleep } from './processes.mjs';
import { ask, clock, get, questionNumber } from './readers.mjs';
import { peers, peerVersion } from './server-bench.mjs';

async function until(port, path) {
  for (const deadline = clock() + 20_000; clock() < deadline;) {
    const answer = await get({ port, path }).catch(() => null);
    if (answer?.status === 200) return clock();
    await sleep(1);
  }
  throw new Error(`${path} never answered 200`);
}

export async function startTimes(bench) {
  const times = { ours: [], floor: [], peer: [] };
  const healthy = [];
  for (let round = 0; round < 9; round += 1) {
    for (const name of ['ours', ...peers]) {
      const server = await bench.run(name);
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
    target: '<= 4.5 x floor',
    holds: median(healthy) <= 4.5 * floor,
  });
  if (peers.includes('peer'))
    report(`start to first answer, FastAPI ${peerVersion}`, times.peer, 'ms', { floor });
}

/** From the start of the process with a suspended database, which takes 1.5 s to wake. */
export async function cold(bench) {
  const delays = { embed: 300, search: 80, first: 700 };
  const vendors = delays.embed + delays.search + delays.first;
  await bench.control({ delays });
  const healthy = [];
  const tokens = [];
  for (let at = 0; at < 5; at += 1) {
    bench.database.suspend(1_500);
    const server = await bench.run('ours');
    await until(server.port, '/api/live');
    const { socket } = await ask({ port: server.port });
    tokens.push(clock() - server.began);
    socket.destroy();
    healthy.push((await until(server.port, '/api/health')) - server.began);
    await server.stop();
  }
  bench.database.suspend(0);
  await bench.control({ delays: { embed: 0, search: 0, first: 0 } });
  report('cold, sleeping database: healthy', healthy, 'ms', {
    target: '<= 5 s',
    holds: Math.max(...healthy) <= 5_000,
  });
  report('cold, sleeping database: first token', tokens, 'ms', {
    target: '<= 10 s',
    holds: Math.max(...tokens) <= 10_000,
  });
  const own = tokens.map((ms) => ms - vendors);
  report(`without the vendors' ${vendors} ms`, own, 'ms');
}

/** An extractive answer with its sources, once the circuit breakers are open, which the first question does. */
export async function allDown(bench) {
  const server = await bench.runAlone();
  await until(server.port, '/api/live');
  const rounds = [];
  for (let at = 0; at <= 30; at += 1) {
    const body = { ...questionNumber(at), conversation_id: randomUUID() };
    const { ms, socket } = await ask({ port: server.port, body });
    socket.destroy();
    if (at > 0) rounds.push(ms);
  }
  await server.stop();
  report('all three vendors down: the answer', rounds, 'ms', {
    target: '< 100 ms',
    holds: quantile(rounds, 0.99) < 100,
  });
}
