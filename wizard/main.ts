/**
 * The wizard's only file that touches the process: argv and environment in, renderer and exit code out.
 * Heavy rooms are imported when a command runs, so that `--version` and `--help` stay instant.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { allowSlowConnections } from '../server/network/allow-slow-connections.ts';
import { installProxy } from '../server/network/install-proxy.ts';
import { proxySecrets } from '../server/network/proxy-for.ts';
import { withRedirectGuard } from '../server/redirect-guard.ts';
import { version } from '../server/version.ts';
import { parseArguments } from './cli.ts';
import type { Rehearsal } from './commands/rehearse.ts';
import type { Runtime } from './model/runtime.ts';
import { secretAnswers } from './model/answers.ts';
import type { Command, RunnableCommand } from './model/command.ts';
import { exitCodes, Failure } from './model/failure.ts';
import { emptyReport, finish, foldReport } from './model/run/report.ts';
import type { Renderer } from './model/renderer.ts';
import type { RunEvent } from './model/run/event.ts';
import { helpText } from './help.ts';
import { hideSecrets, registerSecret, withoutSecrets } from './model/secret.ts';
import { openPage } from './ui/open-page.ts';
import { createRenderer, chooseRenderer } from './ui/renderer.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const secretVariable = new RegExp(`^(PREVIOUS_)?(${secretAnswers.join('|')})$`);

async function main(): Promise<number> {
  let command: Command;
  for (const [name, value] of Object.entries(process.env)) {
    // Known from the first moment on, so that not even a crash can say one.
    if (secretVariable.test(name) && value !== undefined) registerSecret(value.trim());
  }
  for (const secret of proxySecrets(process.env)) registerSecret(secret);
  try {
    command = parseArguments(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refuse(error);
  }
  if (command.name === 'version' || command.name === 'help') {
    process.stdout.write(command.name === 'version' ? `${version}\n` : helpText(command.of));
    return exitCodes.done;
  }
  return run(command);
}

/** A usage error: two lines on stderr, and `run-finished` for a script that reads stdout. */
async function refuse(failure: Failure): Promise<number> {
  const { stdin, stdout, stderr } = process;
  stderr.write(`${failure.message}\n${failure.remedy}\n`);
  if (process.argv.includes('--json')) {
    const renderer = await createRenderer({ kind: 'ndjson', stdin, stdout, stderr, now: Date.now });
    renderer.show(finish({ ...emptyReport, failure: failure.report() }));
    await renderer.close();
  }
  return exitCodes[failure.kind];
}

allowSlowConnections();
installProxy(process.env);
globalThis.fetch = withRedirectGuard(globalThis.fetch);

async function run(command: RunnableCommand): Promise<number> {
  const { flags } = command;
  const kind = chooseRenderer({
    json: flags.json,
    // A log is lines, nothing else, and so is what is to be copied.
    plain: flags.plain || flags.report || command.name === 'logs',
    stdinIsTTY: process.stdin.isTTY,
    stdoutIsTTY: process.stdout.isTTY,
    env: process.env,
  });
  const { stdin, stdout, stderr } = process;
  const renderer = await createRenderer({ kind, stdin, stdout, stderr, now: Date.now, env: process.env });
  const { signal: cancel, isLeft } = cancelOnSignals(renderer);
  let report = emptyReport;
  const emit = (event: RunEvent): void => {
    report = foldReport(report, event);
    renderer.show(withoutSecrets(event));
  };
  emit({ type: 'run-started', command: command.name, rehearsal: flags.rehearse, version });

  const unexpected = uncaughtErrors();
  const { runCommand, startRehearsal, failureOf, keepForReport } = await import('./commands/run-command.ts');
  const rehearsal = flags.rehearse ? startRehearsal : null;
  let stage: Rehearsal | null = null;
  try {
    const notice = (message: string): void =>
      emit({ type: 'notice', code: 'rehearsal', message, remedy: '' });
    stage =
      rehearsal === null
        ? null
        : await rehearsal({ entry: here('../sandbox/main.js'), env: process.env, notice, signal: cancel });
    const runtime = runtimeFor(stage, cancel);
    const running = runCommand(command.name, {
      runtime,
      flags,
      operands: command.operands,
      renderer,
      emit,
      setDeployment: (deployment) => {
        report = { ...report, deployment };
      },
    });
    report = { ...report, ...(await Promise.race([running, unexpected])) };
  } catch (error) {
    const failure = failureOf(error, { signal: cancel, isLeft: isLeft(), report });
    report = { ...report, failure: failure.report() };
    // Without a folder for the state there is nowhere to keep it.
    if (!flags.rehearse && failure.code !== 'no-home-folder')
      await keepForReport({ command: command.name, failure, report, stateDir: stateDirectory(), version });
  }
  const finished = finish(report);
  const { ok, deployment } = finished;
  const isHeld = stage !== null && ok && deployment !== null && renderer.canAsk && !flags.yes;
  if (stage !== null && deployment !== null && !isHeld) emit(rehearsalOver);
  emit(finished);
  if (isHeld) await waitForKey(renderer, cancel);
  await renderer.close();
  await stage?.close();
  // A vendor's idle connection must not keep the process; all output is written by now.
  process.exit(finished.exitCode);
}

/** Rejects with an error that nothing awaits: it ends the run as any other bug does. */
function uncaughtErrors(): Promise<never> {
  const thrown = new Promise<never>((_, reject) => {
    for (const name of ['uncaughtException', 'unhandledRejection'] as const) process.on(name, reject);
  });
  // It may come when the run is over and nothing awaits it any more.
  thrown.catch(() => undefined);
  return thrown;
}

const rehearsalOver: RunEvent = {
  type: 'notice',
  code: 'rehearsal-over',
  message: 'All of it was on this machine, and is gone with the rehearsal.',
  remedy: '',
};

/** The rehearsal's Space stays up, to be looked at, until a key is pressed. */
async function waitForKey(renderer: Renderer, signal: AbortSignal): Promise<void> {
  await renderer.ask(
    { type: 'pause', title: 'Both are still up on this machine, to be looked at.', lines: [] },
    { signal },
  );
}

/** The first Ctrl-C (or SIGTERM, or `q`) ends the run in good order, the second at once. */
function cancelOnSignals(renderer: Renderer): { signal: AbortSignal; isLeft: () => boolean } {
  const controller = new AbortController();
  let isLeft = false;
  const cancel = (): void => {
    if (controller.signal.aborted) process.exit(exitCodes.cancelled);
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, cancel);
  void (async () => {
    for await (const action of renderer.userActions()) {
      if (action.type === 'open-page') openPage(process.platform, action.url);
      if (action.type === 'open-page' || action.type === 'open-log') continue;
      isLeft = action.type === 'leave';
      cancel();
    }
  })();
  return { signal: controller.signal, isLeft: () => isLeft };
}

/** In a rehearsal the person's own environment is not looked at: only the stand-ins' values count. */
function runtimeFor(rehearsal: Rehearsal | null, signal: AbortSignal): Runtime {
  return {
    env: rehearsal?.env ?? process.env,
    cwd: process.cwd(),
    home: homeFolder() ?? '',
    platform: process.platform,
    stateDir: rehearsal?.stateDir ?? stateDirectory(),
    payloadDir: here('../space'),
    version,
    rehearsal: rehearsal !== null,
    fetch: globalThis.fetch,
    now: Date.now,
    sleep: (ms, { signal: ended }) => sleep(ms, undefined, { signal: ended }),
    signal,
  };
}

/** Null where neither the environment nor the system's list of users names one. */
function homeFolder(): string | null {
  try {
    return homedir();
  } catch {
    return null;
  }
}

/** A disk that is full ends an output to a file: nothing more can be shown there. */
function endOnFailedOutput(): void {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') return;
    process.stderr.write(`The output could not be written (${code ?? 'unknown reason'}).\n`);
    process.exit(exitCodes.failed);
  });
}

function stateDirectory(): string {
  const { XDG_STATE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_STATE_HOME) return join(XDG_STATE_HOME, 'rag-space-setup');
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'rag-space-setup');
  return process.platform === 'darwin'
    ? join(homedir(), 'Library', 'Application Support', 'rag-space-setup')
    : join(homedir(), '.local', 'state', 'rag-space-setup');
}

endOnFailedOutput();
try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`Something unexpected happened: ${hideSecrets(String(error))}\n`);
  process.exitCode = exitCodes.bug;
}
