/**
 * The sandbox as a process: prints one JSON line `{"env":{…},"tokens":{…},"folder":…}` on stdout and everything
 * else on stderr. It ends when its stdin does, or with `--keep-up` on a signal, and removes its folder. Every
 * vendor in it is a stand-in.
 */
import { startSandbox } from './start-sandbox.ts';

const keepUp = process.argv.includes('--keep-up');

try {
  const sandbox = await startSandbox();
  let ending: Promise<void> | null = null;
  const end = (): void => {
    ending ??= sandbox.close().then(() => process.exit(0));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
  process.stdout.on('error', end);
  if (!keepUp) process.stdin.on('end', end).on('close', end).on('error', end).resume();
  const { env, tokens, folder } = sandbox;
  process.stdout.write(`${JSON.stringify({ env, tokens, folder })}\n`);
  if (keepUp) process.stderr.write('The stand-ins are up (none is the vendor itself). Ctrl-C ends them.\n');
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
