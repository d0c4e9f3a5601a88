/**
 * Runs one function as Vercel's Node launcher does: requests only, with the platform's `waitUntil` for each. Tells its
 * parent the port, and `answered` for each request whose response and background work have ended.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const context = new AsyncLocalStorage();
globalThis[Symbol.for('@vercel/request-context')] = { get: () => context.getStore() };

let handle = createRequire(import.meta.url)(process.argv[2]);
for (let depth = 0; depth < 5 && handle.default !== undefined; depth += 1) handle = handle.default;

const server = createServer((request, response) => {
  const pending = [];
  response.once('close', () => void settle(pending));
  const waitUntil = (work) => void pending.push(work);
  void context.run({ waitUntil }, () => Promise.resolve(handle(request, response)).catch(fail(response)));
});
server.keepAliveTimeout = 60 * 60_000;
server.listen(0, '127.0.0.1', () => process.send({ type: 'listening', port: server.address().port }));
process.on('disconnect', () => process.exit(1));

async function settle(pending) {
  while (pending.length > 0) await Promise.allSettled(pending.splice(0));
  process.send({ type: 'answered', cpuMs: Math.round(cpuMs()) });
}

function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function fail(response) {
  return (error) => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    if (response.headersSent) response.destroy();
    else response.writeHead(500, { 'x-vercel-error': 'FUNCTION_INVOCATION_FAILED' }).end();
  };
}
