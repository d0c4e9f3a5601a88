import { spawn } from 'node:child_process';
import { hideSecrets, registerSecret } from '../../model/secret.ts';
import { oneLine } from '../../clients/redact.ts';
import type { Runtime } from '../../model/runtime.ts';

/** A vendor's own command line: what starts its login, and how a person types that. */
export type VendorTool = { command: string; args: readonly string[]; shown: string };

/** A login that a vendor's command line has begun. */
export type ToolLogin = {
  /** Where the user accepts it. */
  page: string;
  /** Empty where the address holds it. */
  userCode: string;
  /** Resolves when the tool has ended: null for a login, else why there is none. */
  ended: Promise<string | null>;
};

const longestWaitMs = 15_000;

/** Starts it without a terminal, until it says where to sign in; a text says why it does not. `signal` ends it. */
export function startToolLogin(
  { env }: Pick<Runtime, 'env'>,
  { tool, signal }: { tool: VendorTool; signal: AbortSignal },
): Promise<ToolLogin | string> {
  const { command, args, shown } = tool;
  const child = spawn(command, args, {
    env: { ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let output = '';
  const ended = new Promise<string | null>((resolve) => {
    child.once('error', (error) => resolve(`${shown} did not start: ${error.message}.`));
    child.once('close', (code) =>
      resolve(code === 0 ? null : `${shown} ended without a login: ${lastLine(output)}`),
    );
  });
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      child.kill();
      resolve(`${shown} named no page to sign in at.`);
    }, longestWaitMs);
    const onText = (piece: Buffer): void => {
      output = (output + piece.toString()).slice(-10_000);
      const page = addressesIn(output).find((address) =>
        /device|oauth|login|auth/.test(new URL(address).pathname),
      );
      if (page === undefined || !/\s$/.test(output)) return;
      clearTimeout(timer);
      const userCode = /\b[A-Z0-9]{4}-[A-Z0-9]{4}\b/.exec(output)?.[0] ?? '';
      registerSecret(userCode);
      resolve({ page, userCode, ended });
    };
    child.stdout.on('data', onText);
    child.stderr.on('data', onText);
    void ended.then((why) => {
      clearTimeout(timer);
      resolve(why ?? `${shown} named no page to sign in at.`);
    });
  });
}

function addressesIn(output: string): string[] {
  const addresses = output.match(/https?:\/\/[^\s"'<>\u001B]+[^\s"'<>\u001B.,)]/g) ?? [];
  return addresses.filter((address) => URL.canParse(address));
}

function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1) ?? '';
  return line === '' ? 'it does not say why.' : oneLine(hideSecrets(line));
}
