import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HttpFailure } from '../../clients/http-failure.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import type { Answer } from '../../model/answers.ts';
import type { Runtime, Session } from '../../model/runtime.ts';
import type { Secret } from '../../model/secret.ts';
import { detectAnswers } from '../../paste/detected-answers.ts';
import { pollForToken, requestDeviceCode, type GrantTools } from './device-grant.ts';
import { startToolLogin, type VendorTool } from './tool-login.ts';

/** Values that a sign-in can bring. */
export const signInNames = ['HF_TOKEN', 'VERCEL_TOKEN'] as const;
export type SignInName = (typeof signInNames)[number];

/** `browser`: with an app of our own; `tool`: the login of the vendor's own command line. */
export type SignInWay = 'browser' | 'tool';

/** The login of each vendor's own command line, which keeps it in a file. */
export const vendorTools: Record<SignInName, VendorTool> = {
  // For programs: it asks nothing and prints the address.
  HF_TOKEN: { command: 'hf', args: ['auth', 'login', '--format', 'agent'], shown: 'hf auth login' },
  VERCEL_TOKEN: { command: 'vercel', args: ['login'], shown: 'vercel login' },
};

/** How one can sign in from this machine; in a rehearsal, not at all. */
export function waysToSignIn({
  env,
  platform,
  rehearsal,
}: Pick<Runtime, 'env' | 'platform' | 'rehearsal'>): Record<SignInName, readonly SignInWay[]> {
  const folders = (env['PATH'] ?? env['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  // A script there needs a shell, through which nothing is started.
  const ending = platform === 'win32' ? '.exe' : '';
  const isInstalled = (name: SignInName): boolean =>
    !rehearsal && folders.some((folder) => existsSync(join(folder, vendorTools[name].command + ending)));
  const client = env['HF_OAUTH_CLIENT_ID']?.trim() ?? '';
  return {
    HF_TOKEN: [...(client === '' ? [] : ['browser' as const]), ...toolIf(isInstalled('HF_TOKEN'))],
    VERCEL_TOKEN: toolIf(isInstalled('VERCEL_TOKEN')),
  };
}

const toolIf = (isInstalled: boolean): readonly 'tool'[] => (isInstalled ? ['tool'] : []);

/** A sign-in that has begun: where the user accepts it, and what that brings. */
export type SignIn = {
  page: string;
  /** The page, with the code in it where that is possible. */
  filledPage: string;
  /** Empty where the page holds it. */
  userCode: string;
  /** The token, which is in memory only, or why there is none. */
  finish(signal: AbortSignal): Promise<Answer<Secret> | { problem: string }>;
};

type SignInTools = { session: Session; inputs: Pick<CommandInputs, 'endpoints' | 'http'> };

/** Begins one; `signal` ends it. */
export function beginSignIn(
  tools: SignInTools,
  options: { name: SignInName; way: SignInWay; signal: AbortSignal },
): Promise<SignIn | { problem: string }> {
  const { name, way, signal } = options;
  const message =
    way === 'browser'
      ? 'Asks Hugging Face for a code.'
      : `Starts ${vendorTools[name].shown}, which names a page to sign in at.`;
  tools.session.emit({ type: 'notice', code: 'signing-in', message, remedy: '' });
  return way === 'browser' ? beginGrant(tools, signal) : beginToolLogin(tools, { name, signal });
}

async function beginGrant(
  { session, inputs }: SignInTools,
  signal: AbortSignal,
): Promise<SignIn | { problem: string }> {
  const { env, now, sleep } = session.runtime;
  const { endpoints, http } = inputs;
  const client = env['HF_OAUTH_CLIENT_ID']?.trim() ?? '';
  const grant: GrantTools = { endpoint: endpoints.hf, client, http, signal, now, sleep };
  try {
    const code = await requestDeviceCode(grant);
    return {
      ...code,
      finish: async (ended) => {
        const result = await pollForToken({ ...grant, signal: ended }, code);
        return result.type === 'granted'
          ? { value: result.token, source: 'your sign-in', cleaned: [] }
          : { problem: result.why };
      },
    };
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    return { problem: error.message };
  }
}

async function beginToolLogin(
  { session }: SignInTools,
  { name, signal }: { name: SignInName; signal: AbortSignal },
): Promise<SignIn | { problem: string }> {
  const { runtime } = session;
  const login = await startToolLogin(runtime, { tool: vendorTools[name], signal });
  signal.throwIfAborted();
  if (typeof login === 'string') return { problem: login };
  const { page, userCode, ended } = login;
  return {
    page,
    filledPage: page,
    userCode,
    finish: async () => {
      const problem = await ended;
      if (problem !== null) return { problem };
      const answer = (await detectAnswers(runtime))[name];
      return (
        answer ?? { problem: `${vendorTools[name].shown} keeps its login where this tool cannot read it.` }
      );
    },
  };
}
