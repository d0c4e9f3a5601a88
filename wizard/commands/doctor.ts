import { resolve } from 'node:path';
import { defaults, secretNames } from '../../server/contract.ts';
import type { Answers } from '../model/answers.ts';
import type { Credentials } from '../model/credential.ts';
import { exitCodes, Failure } from '../model/failure.ts';
import { services, type Service } from '../model/service.ts';
import { checkDone, checkService } from '../run/validate.ts';
import { describeCollection } from '../steps/book.ts';
import { spacePage, type SpaceContext } from '../steps/context.ts';
import { siteHere } from '../steps/locate-book.ts';
import { isStanding, standingMark, type NewSecrets } from '../steps/rotate-secrets.ts';
import { meaningOf } from '../steps/stages.ts';
import type { Ended } from './deploy.ts';
import { diagnoseCollection } from './diagnose-collection.ts';
import { diagnoseFrontend } from './diagnose-frontend.ts';
import { diagnoseSpace } from './diagnose-space.ts';
import type { Finding } from './finding.ts';
import { frontendFacts } from './frontend-facts.ts';
import { needs } from './needs.ts';
import { openingOf, type Opening } from './opening.ts';
import { lookingContext, spaceFacts, type SpaceFacts } from './space-facts.ts';
import { whichSpace } from './which-space.ts';
import type { Session } from './world.ts';

/**
 * Looks at everything that can be looked at with what was given: at the least the Space’s name. Changes nothing.
 * Throws Failure `findings` (exit 1) when something is wrong, each thing told as a notice before.
 */
export async function doctor(session: Session): Promise<Ended> {
  const opening = await openingOf(session);
  const { space, entries } = await whichSpace(session, opening.answers);
  const answers: Answers = {
    ...opening.answers,
    HF_SPACE: { value: space, source: 'doctor', cleaned: [] },
  };
  const findings: Finding[] = [];
  const tell = (found: readonly Finding[]): void => {
    findings.push(...found);
    for (const { code, message, remedy } of found) session.emit({ type: 'notice', code, message, remedy });
  };
  const keys = await checkKeys(session, { opening, answers });
  tell(keys.findings);
  const token = keys.accepted.huggingface?.token;
  const { HF_TOKEN: _, ...others } = answers;
  const trusted: Answers =
    token === undefined ? others : { ...others, HF_TOKEN: { value: token, source: 'accepted', cleaned: [] } };
  const context = lookingContext(session, { opening, space, answers: trusted });
  const facts = await spaceFacts(context);
  tell(diagnoseSpace(facts, { space, page: spacePage(context) }));
  tell(await collectionFindings(session, { facts, qdrant: keys.accepted.qdrant }));
  tell(await frontendFindings(session, { opening, entries, facts }));
  sayRemarks(session, { context, facts, given: secretsOf(keys.accepted) });
  if (findings.length > 0) throw failureOf(findings);
  session.emit({ type: 'notice', code: 'no-findings', message: 'Nothing is wrong there.', remedy: '' });
  const health = facts.health?.status ?? 'unknown';
  return { deployment: { space, url: facts.host, health, frontend: null }, exitCode: exitCodes.done };
}

/** Every key that was given is tried at its vendor; one that was not is no finding. */
async function checkKeys(
  { world, emit }: Session,
  { opening, answers }: { opening: Opening; answers: Answers },
): Promise<{ accepted: Partial<Credentials>; findings: Finding[] }> {
  const { endpoints, http } = opening;
  const { signal } = world;
  const given = services.filter((service) => needs[service].every((name) => answers[name] !== undefined));
  const accepted: Partial<Record<Service, unknown>> = {};
  const findings: Finding[] = [];
  await Promise.all(
    given.map(async (service) => {
      emit({ type: 'check-started', service });
      const probe = await checkService<Service>({ service, answers, endpoints, http, signal });
      emit(checkDone(service, probe));
      if (probe.verdict === 'accepted') accepted[service] = probe.credential;
      else findings.push({ code: probe.code, service, message: probe.message, remedy: probe.remedy });
    }),
  );
  return { accepted: accepted as Partial<Credentials>, findings };
}

async function collectionFindings(
  { world }: Session,
  { facts, qdrant }: { facts: SpaceFacts; qdrant: Credentials['qdrant'] | undefined },
): Promise<Finding[]> {
  if (qdrant === undefined) return [];
  const { fetch, signal, sleep } = world;
  const { variables } = facts;
  const collection = variables?.['QDRANT_COLLECTION']?.value ?? defaults.collection;
  const state = await describeCollection({ credentials: { qdrant }, fetch, signal, sleep }, collection);
  return diagnoseCollection(state, { collection, variables });
}

async function frontendFindings(
  session: Session,
  of: { opening: Opening; entries: Parameters<typeof frontendFacts>[1]['entries']; facts: SpaceFacts },
): Promise<Finding[]> {
  const { opening, entries, facts } = of;
  const { host } = facts;
  const { flags, world } = session;
  const frontend = await frontendFacts(session, { opening, entries });
  if (frontend.type === 'unknown') {
    const { code, why, remedy } = frontend;
    if (code !== 'vercel-wrong-team') {
      session.emit({ type: 'notice', code: 'not-looked-at', message: why, remedy: '' });
      return [];
    }
    return [{ code, service: 'vercel', message: why, remedy }];
  }
  if (host === null) return [];
  const { signal, cwd } = world;
  const dir = resolve(cwd, opening.answers.DOCS_DIR?.value ?? '.');
  const site = await siteHere({ dir, named: flags.docs !== null, signal });
  const baseUrl = site?.baseUrl ?? '/';
  return diagnoseFrontend(frontend, { host, baseUrl, http: opening.http, signal });
}

/** As their checks normalised them, which is how they stand in the Space. */
function secretsOf({ gemini, qdrant, postgres }: Partial<Credentials>): NewSecrets {
  return {
    ...(gemini && { GEMINI_API_KEY: gemini.key }),
    ...(qdrant && { QDRANT_URL: qdrant.url }),
    ...(qdrant?.key && { QDRANT_API_KEY: qdrant.key }),
    ...(postgres && { DATABASE_URL: postgres.url }),
  };
}

/** Worth knowing, and nothing to be mended. */
function sayRemarks(
  { emit }: Session,
  { context, facts, given }: { context: SpaceContext; facts: SpaceFacts; given: NewSecrets },
): void {
  const say = (code: string, message: string): void => emit({ type: 'notice', code, message, remedy: '' });
  if (meaningOf(facts.stage) === 'asleep')
    say(
      'space-asleep',
      'The Space sleeps, which is normal: the next visitor wakes it. Its health was not asked.',
    );
  if (facts.secrets === null || facts.variables === null) {
    say('not-looked-at', 'The Space’s settings were not looked at: no HF_TOKEN that may.');
    return;
  }
  const standing = { secrets: facts.secrets, variables: facts.variables };
  for (const name of secretNames) {
    const secret = given[name];
    const mark = standingMark(standing, name);
    if (secret === undefined || mark === null || isStanding(context, { standing, name, secret })) continue;
    say(
      'differs-from-space',
      `${name} here is not the one in the Space (${mark}): rotate it, if yours is the new one.`,
    );
  }
}

function failureOf(findings: readonly Finding[]): Failure {
  const [first] = findings;
  return new Failure({
    code: 'findings',
    service: first?.service ?? null,
    message: findings.length === 1 ? '1 thing is wrong.' : `${findings.length} things are wrong.`,
    remedy: 'Mend the first, then run doctor again: it often mends others.',
  });
}
