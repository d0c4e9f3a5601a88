import { assertTeamExists } from '../../deployment/frontend/vercel-projects.ts';
import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { functionName, functionPlace } from '../../model/formats/function-place.ts';
import type { HostingAccess } from '../../hosting/hosting.ts';
import type { Credentials, Probe, VercelScope } from '../../model/credential.ts';
import type { Choice } from '../../model/question.ts';
import type { Session } from '../../model/runtime.ts';
import { checkDoneEvent } from '../../probes/probe-service.ts';
import { probeVercel } from '../../probes/vercel/probe-vercel.ts';
import type { Resource } from '../fact-store.ts';
import type { FlowQuestion } from '../flow.ts';
import type { InterviewState, Refusals } from '../interview-state.ts';
import { questionNamed, valueQuestion } from '../value-question.ts';

/** The Vercel account that owns the server's project: one that the book's token reaches, or another's. */
export type HostingAccount = { type: 'reached'; team: string | null } | { type: 'other' };

export type HostingAccountState = InterviewState & {
  /** Null until it is chosen: then it is the book's, or that of HOSTING_VERCEL_TOKEN. */
  hostingAccount: HostingAccount | null;
  /** The place of a server that is updated; null for a new one. */
  knownPlace: string | null;
  /** The verdict on HOSTING_VERCEL_TOKEN. */
  vercelHosting?: Probe<Credentials['vercel']>;
};

/** Checks the token of the account that runs the server, where that is another than the book's. */
export function hostingAccountResource<S extends HostingAccountState>(
  session: Session,
  { endpoints, http }: Pick<CommandInputs, 'endpoints' | 'http'>,
): Resource<S> {
  return {
    id: 'hosting-account',
    key: (state) => {
      const token = state.answers.HOSTING_VERCEL_TOKEN;
      return isOther(state) && token !== undefined ? [token] : null;
    },
    load: async ({ answers }, signal) => {
      const token = answers.HOSTING_VERCEL_TOKEN?.value;
      if (token === undefined) return {};
      session.emit({ type: 'check-started', service: 'vercel' });
      const vercelHosting = await probeVercel({ token, apiUrl: endpoints.vercel, http, signal });
      signal.throwIfAborted();
      session.emit(checkDoneEvent('vercel', vercelHosting));
      return { vercelHosting } as Partial<S>;
    },
  };
}

/** Whose Vercel account runs the server, and its token where the book's does not reach it. */
export function hostingAccountQuestions<S extends HostingAccountState>(options: {
  session: Session;
  /** The team of the book's project, null for the personal scope; undefined while it is not known. */
  bookTeamIn(state: S): string | null | undefined;
  after: readonly string[];
}): FlowQuestion<S>[] {
  const { session, bookTeamIn, after } = options;
  const account: FlowQuestion<S> = {
    id: 'hosting-account',
    after,
    isOpen: (state) =>
      state.isInteractive &&
      isOnVercel(state) &&
      state.hostingAccount === null &&
      state.answers.HOSTING_VERCEL_TOKEN === undefined &&
      session.flags.hostingTeam === null &&
      bookTeamIn(state) !== undefined,
    prompt: (state) => ({
      type: 'choice',
      name: 'hosting-account',
      title: 'Which Vercel account runs the server?',
      lines: [
        'When the free allowance of an account is used up, Vercel pauses all of it: the book too, if it is there.',
        'The server stops itself at 70 % of it. An account or team of its own is safer.',
      ],
      choices: accountChoices(scopeOf(state), bookTeamIn(state) ?? null),
    }),
    answer: (state, reply) => {
      if (reply.type !== 'choice') return state;
      const [, slug] = /^team (.+)$/.exec(reply.value) ?? [];
      const hostingAccount: HostingAccount =
        reply.value === 'other'
          ? { type: 'other' }
          : {
              type: 'reached',
              team: slug ?? (reply.value === 'personal' ? null : (bookTeamIn(state) ?? null)),
            };
      return { ...state, hostingAccount };
    },
  };
  const token: FlowQuestion<S> = valueQuestion<S>({
    question: questionNamed('HOSTING_VERCEL_TOKEN'),
    isNeeded: (state) => isOther(state),
    refusalsIn: refusedHostingToken,
    room: () => [token],
    after: [...after, 'hosting-account'],
  });
  return [account, token];
}

function isOnVercel({ hosting, knownPlace }: HostingAccountState): boolean {
  return hosting === 'vercel' && knownPlace === null;
}

/** An account whose token is given is used; a place that is known may belong to it. */
function isOther({ hosting, hostingAccount, answers }: HostingAccountState): boolean {
  if (hosting !== 'vercel') return false;
  return hostingAccount === null
    ? answers.HOSTING_VERCEL_TOKEN !== undefined
    : hostingAccount.type === 'other';
}

/** Other teams of the token, then the book's own account: what needs no other token comes first. */
function accountChoices(scope: VercelScope | null, bookTeam: string | null): Choice[] {
  const others = (scope?.teams ?? []).filter(({ slug }) => slug !== bookTeam);
  const own = scope?.teams.find(({ slug }) => slug === bookTeam);
  return [
    ...others.map(({ slug, name, plan }): Choice => {
      return { value: slug === null ? 'personal' : `team ${slug}`, label: name, note: planWords(plan) };
    }),
    {
      value: 'book',
      label: `${own?.name ?? 'The account'}, with the book`,
      note: planWords(own?.plan ?? null),
    },
    { value: 'other', label: 'Another Vercel account', note: 'asks for its token' },
  ];
}

function planWords(plan: string | null): string | null {
  return plan === null ? null : plan === 'hobby' ? 'free plan' : `plan ${plan}`;
}

/** A token that its check refused is asked for again. */
export function refusedHostingToken({ vercelHosting: probe }: HostingAccountState): Refusals {
  if (probe === undefined || probe.verdict === 'accepted') return {};
  const { verdict, message, remedy } = probe;
  return { HOSTING_VERCEL_TOKEN: { message, remedy, canRetry: verdict === 'unreachable' } };
}

/** Whether everything about the account that runs the server is known. */
export function isHostingAccountKnown({ flags }: Session, state: HostingAccountState): boolean {
  if (isOther(state)) return state.vercelHosting?.verdict === 'accepted';
  if (!isOnVercel(state) || !state.isInteractive) return true;
  return state.hostingAccount !== null || flags.hostingTeam !== null;
}

/** The server's own project: in the account that was chosen, else beside the book's. Throws Failure `team-not-found`. */
export function functionPlaceIn(
  { flags }: Session,
  { state, name, bookTeam }: { state: HostingAccountState; name: string; bookTeam: string | null },
): string {
  if (state.knownPlace !== null) return state.knownPlace;
  const scope = isOther(state) ? otherScope(state) : scopeOf(state);
  if (scope !== null) assertTeamExists(scope, flags.hostingTeam);
  const { hostingAccount } = state;
  const chosen = hostingAccount?.type === 'reached' ? hostingAccount.team : bookTeam;
  const team = flags.hostingTeam ?? (isOther(state) ? (scope?.defaultTeam ?? null) : chosen);
  const isTeam = team !== null && team !== scope?.user;
  return functionPlace({
    account: isTeam ? team : (scope?.user ?? 'me'),
    isTeam,
    name: flags.hostingProject ?? functionName(name),
  });
}

/** The credential that reaches the place of a server; null until it is accepted. */
export function hostingCredentialsIn(state: HostingAccountState): HostingAccess['credentials'] | null {
  const { hosting, huggingface, vercel, vercelHosting } = state;
  if (hosting === 'space')
    return huggingface?.verdict === 'accepted' ? { huggingface: huggingface.credential } : null;
  if (isOther(state))
    return vercelHosting?.verdict === 'accepted' ? { vercelHosting: vercelHosting.credential } : null;
  return vercel?.verdict === 'accepted' ? { vercel: vercel.credential } : null;
}

function scopeOf({ vercel }: HostingAccountState): VercelScope | null {
  return vercel?.verdict === 'accepted' ? vercel.credential.scope : null;
}

function otherScope({ vercelHosting }: HostingAccountState): VercelScope | null {
  return vercelHosting?.verdict === 'accepted' ? vercelHosting.credential.scope : null;
}
