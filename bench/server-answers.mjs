/** One reader at a time: the first token, the calls before it that overlap, and the reader's disconnect. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { report } from './figures.mjs';
import { median, quantile, sleep } from './processes.mjs';
import { ask, clock, questionNumber } from './readers.mjs';
import { peers, peerVersion } from './server-bench.mjs';

const agent = new Agent({ keepAlive: true });

const answering = 'v1beta/models/m:streamGenerateContent?alt=sse';

/** Milliseconds until the first bytes of an answer's stream, else until the answer's end. */
async function timeRequest(url) {
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

/** The three vendor calls of an answer, made directly: the difference to the server is its own time. */
async function measureVendors(address) {
  const embedding = await timeRequest(`${address}/v1beta/models/m:embedContent`);
  const search = await timeRequest(`${address}/collections/c/points/query`);
  return embedding + search + (await timeRequest(`${address}/${answering}`));
}

export async function firstTokens(bench) {
  const names = ['ours', ...peers];
  const servers = {};
  for (const name of names) servers[name] = await bench.runReady(name);
  const rounds = Object.fromEntries([...names, 'direct', 'p99'].map((name) => [name, []]));
  for (let round = 0; round < 7; round += 1) {
    const times = Object.fromEntries([...names, 'direct'].map((name) => [name, []]));
    for (let at = 0; at < 150; at += 1) {
      times.direct.push(await measureVendors(bench.address));
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
    target: '<= 1.3 x floor',
    holds: median(rounds.ours) <= 1.3 * floor,
  });
  report('first token added, p99', rounds.p99, 'ms', { target: '<= 10 ms', holds: median(rounds.p99) <= 10 });
  if (peers.includes('peer'))
    report(`first token added, FastAPI ${peerVersion}`, rounds.peer, 'ms', { floor });
  for (const name of names) await servers[name].stop();
}

export async function leaving(bench) {
  const server = await bench.runReady('ours');
  await bench.control({ hold: true, forget: true });
  const rounds = [];
  for (let round = 0; round < 6; round += 1) {
    const waits = [];
    for (let at = 0; at < 100; at += 1) {
      const { socket } = await ask({ port: server.port });
      await bench.control({ forget: true });
      const left = clock();
      socket.destroy();
      let closings = [];
      while (closings.length === 0) ({ closings } = await bench.control({}));
      waits.push(closings[0] / 1000 - left);
    }
    if (round > 0) rounds.push(quantile(waits, 0.99));
  }
  await bench.control({ hold: false });
  await server.stop();
  report('upstream closed after a reader left, p99', rounds, 'ms', {
    target: '<= 50 ms',
    holds: median(rounds) <= 50,
  });
}

export async function overlap(bench) {
  const server = await bench.runReady('ours');
  for (let at = 0; at < 5; at += 1) (await ask({ port: server.port })).socket.destroy();
  bench.database.delay.ms = 600;
  await bench.control({ delays: { embed: 300, search: 80 } });
  const times = [];
  const model = [];
  for (let at = 0; at < 7; at += 1) {
    model.push(await timeRequest(`${bench.address}/${answering}`));
    const body = {
      message: `How does lidar ${at} measure?`,
      mode: 'general',
      conversation_id: randomUUID(),
    };
    const { ms, socket } = await ask({ port: server.port, body });
    socket.destroy();
    times.push(ms);
    await sleep(2_500);
  }
  bench.database.delay.ms = 0;
  await bench.control({ delays: { embed: 0, search: 0 } });
  await server.stop();
  report('first token, database +600, embedding +300, Qdrant +80', times, 'ms', {
    floor: 600,
    target: `<= 620 ms + the model's own (${median(model).toFixed(1)} ms)`,
    holds: median(times) <= 620 + median(model),
  });
}
