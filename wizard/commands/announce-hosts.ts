import { endpointsFrom } from '../model/formats/endpoints.ts';
import { commands, type CommandName } from '../model/command.ts';
import { hostLine, hostsOnDemand, type ContactedHost } from '../model/hosts.ts';
import { qdrantAddress } from '../model/formats/qdrant-address.ts';
import type { Service } from '../model/service.ts';
import { servicesToRotate } from '../flows/rotate/rotatable-secrets.ts';
import { requiredServices } from '../flows/deploy/required-services.ts';
import type { Session, Runtime } from '../model/runtime.ts';

/** Says, before the first request, who is contacted and what each is sent. */
export function announceHosts(session: Session, name: CommandName): void {
  const { runtime, emit } = session;
  const say = (message: string): void => emit({ type: 'notice', code: 'contacts', message, remedy: '' });
  const wanted = contactedBy(session, name);
  if (wanted.length === 0) return;
  if (runtime.rehearsal) {
    say('Contacts no host: everything is on this machine.');
    return;
  }
  const hosts = hostsOf(session);
  for (const host of wanted) say(hostLine(host, hosts[host]));
}

/** Hosts that this run may contact: the command's, without those that its flags or missing keys rule out. */
function contactedBy({ runtime, flags, operands }: Session, name: CommandName): ContactedHost[] {
  const { env } = runtime;
  const all: readonly ContactedHost[] = commands[name].contacts;
  const only = (services: readonly Service[]): ContactedHost[] =>
    all.filter((host) => serviceOf(host) !== null && services.some((service) => service === serviceOf(host)));
  const hasKey: Record<Service, boolean> = {
    huggingface: true,
    vercel: Boolean(env['VERCEL_TOKEN']),
    gemini: Boolean(env['GEMINI_API_KEY']),
    qdrant: Boolean(env['QDRANT_URL']),
    postgres: Boolean(env['DATABASE_URL']),
  };
  switch (name) {
    case 'deploy':
    case 'plan': {
      const used = only(requiredServices(flags));
      return flags.apiUrl === null ? used : all.filter((host) => used.includes(host) || host === 'space');
    }
    case 'rotate':
      return only(['huggingface', ...servicesToRotate(operands)]);
    case 'status':
    case 'doctor':
      return only((Object.keys(hasKey) as Service[]).filter((service) => hasKey[service]));
    case 'insights':
      return only(flags.embed ? ['postgres', 'gemini'] : ['postgres']);
    case 'index':
      if (flags.verify !== null || flags.changesFrom !== null || flags.llmsTxt) return [];
      return liveSite({ runtime, flags, operands }) === null
        ? only(['gemini', 'qdrant'])
        : ['site', ...only(['gemini', 'qdrant'])];
    default:
      return all.filter((host) => !hostsOnDemand.has(host));
  }
}

/** Whose keys a host is contacted with; null for one that is announced when it is wanted. */
function serviceOf(host: ContactedHost): Service | null {
  if (host === 'neon' || host === 'qdrant-cloud') return null;
  return host === 'space' ? 'huggingface' : host === 'site' ? 'vercel' : host;
}

/** Hosts that are known before anything is asked. */
function hostsOf(session: Session): Partial<Record<ContactedHost, string>> {
  const { flags, runtime } = session;
  const { env } = runtime;
  const endpoints = endpointsFrom(env);
  const qdrant = qdrantAddress(env['QDRANT_URL']?.trim() ?? '');
  return {
    huggingface: new URL(endpoints.hf).host,
    vercel: new URL(endpoints.vercel).host,
    gemini: new URL(endpoints.gemini).host,
    ...hostEntry('site', liveSite(session)),
    ...hostEntry('space', hostIn(flags.apiUrl ?? '')),
    ...hostEntry('qdrant', qdrant.ok ? hostIn(qdrant.urls[0] ?? '') : null),
    ...hostEntry('postgres', postgresHost(env)),
  };
}

/** Host of the live site that is read instead of a folder, or compared with it; null for a folder. */
function liveSite(session: Pick<Session, 'runtime' | 'flags' | 'operands'>): string | null {
  const { operands, flags, runtime } = session;
  const typed = flags.verify ?? operands[0] ?? flags.docs ?? runtime.env['DOCS_DIR'] ?? '';
  return /^https?:\/\//i.test(typed) ? hostIn(typed) : null;
}

function hostEntry(name: ContactedHost, host: string | null): Partial<Record<ContactedHost, string>> {
  return host === null ? {} : { [name]: host };
}

function hostIn(url: string): string | null {
  return URL.canParse(url) ? new URL(url).host : null;
}

/** Null for a value with an unexpected format: its check reports it. */
function postgresHost(env: Runtime['env']): string | null {
  const url = env['DATABASE_URL']?.trim() ?? '';
  return /^postgres(ql)?:\/\//.test(url) ? hostIn(url) : null;
}
