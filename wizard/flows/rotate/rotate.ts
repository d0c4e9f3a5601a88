import type { SecretName } from '../../../server/contract.ts';
import { Failure } from '../../model/failure.ts';
import type { Journal } from '../../model/run/journal.ts';
import type { Service } from '../../model/service.ts';
import { openJournal } from '../../run/journal-file.ts';
import type { SpaceContext } from '../../deployment/context.ts';
import type { SpaceSettings } from '../../hosting/space/space-settings.ts';
import { refuse } from '../../interview/ask.ts';
import { applyRotation } from './apply-rotation.ts';
import { cancelledEarly } from '../../interview/cancelled.ts';
import type { CommandResult } from '../deploy.ts';
import { expectAnswers, gatherOrLeave, nowhere } from '../../interview/collect-credentials.ts';
import { commandInputs, type CommandInputs } from '../../deployment/command-inputs.ts';
import { rotatableSecrets, chooseSecrets } from './rotatable-secrets.ts';
import { journaledCluster, newValues } from './rotation-answers.ts';
import { changedSecrets } from './rotation-plan.ts';
import { assertModelsAvailable, preferencesOf } from '../../diagnosis/space-models.ts';
import { readOnlyContext, readSpaceStatus } from '../../deployment/server/space-status.ts';
import { chooseSpace, type KnownSpace } from '../../interview/which-space.ts';
import type { Session } from '../../model/runtime.ts';

type Rotated = Extract<Service, 'gemini' | 'qdrant' | 'postgres'>;

/** Replaces secrets of a Space, and proves that its server runs with them. Throws Failure. */
export async function rotate(session: Session): Promise<CommandResult> {
  const ended = await rotateOrLeave(session, { canLeave: false });
  if (ended === null) throw cancelledEarly();
  return ended;
}

/** As `rotate`; null when a person goes back from the first question. Throws Failure. */
export async function rotateOrLeave(
  session: Session,
  { canLeave }: { canLeave: boolean },
): Promise<CommandResult | null> {
  const opening = await commandInputs(session);
  const standing = await chooseSpace(session, opening.answers);
  opening.answers.HF_SPACE ??= { value: standing.space, source: 'journal', cleaned: [] };
  for (;;) {
    const names = await chooseSecrets(session, { canGoBack: canLeave });
    if (names === 'back') return null;
    const services = [...new Set(names.map((name) => rotatableSecrets[name].service))];
    expectValues(session, { opening, standing, services });
    const isChosen = session.operands.length === 0;
    const asking: Asking = { opening, standing, names, services, canLeave: canLeave || isChosen };
    const ended = await withToken(session, asking);
    if (ended !== 'back') return ended;
    if (!isChosen) return null;
  }
}

type Asking = {
  opening: CommandInputs;
  standing: KnownSpace;
  names: readonly SecretName[];
  services: readonly Rotated[];
  /** Esc at the first question leads somewhere. */
  canLeave: boolean;
};

/** Hugging Face's token first: the Space says what its new values have to fit. */
async function withToken(session: Session, asking: Asking): Promise<CommandResult | 'back'> {
  const { opening, standing, canLeave } = asking;
  const { space } = standing;
  const options = { ...opening, services: ['huggingface'] as const, place: nowhere, canLeave };
  let found = await gatherOrLeave(session, options);
  for (;;) {
    if ('left' in found) return 'back';
    const { credentials, ongoing } = found;
    const isAsked = (ongoing?.state.asked.length ?? 0) > 0;
    const journal = await openJournal({ stateDir: session.runtime.stateDir, space });
    try {
      const answers = {
        HF_TOKEN: { value: credentials.huggingface.token, source: 'accepted', cleaned: [] },
      };
      const context = { ...readOnlyContext(session, { opening, space, answers }), journal };
      const ended = await replace(session, { ...asking, context, canLeave: canLeave || isAsked });
      if (ended !== 'back') return ended;
    } finally {
      await journal.close();
    }
    if (ongoing === null) return 'back';
    found = await gatherOrLeave(session, { ...options, ongoing, isBack: true });
  }
}

/** Where nobody can be asked, all that is missing is said at once. Throws Failure `input-missing`. */
function expectValues(
  session: Session,
  {
    opening,
    standing,
    services,
  }: { opening: CommandInputs; standing: KnownSpace; services: readonly Rotated[] },
): void {
  if (session.renderer.canAsk && !session.flags.yes) return;
  const cluster = journaledCluster(standing);
  const answers = { ...(cluster && { QDRANT_URL: cluster }), ...opening.answers };
  expectAnswers(session, { answers, services: ['huggingface', ...services] });
}

type Work = Asking & { context: SpaceContext & { journal: Journal } };

/** Asks for the new values until one is agreed to, and brings it in. */
async function replace(session: Session, work: Work): Promise<CommandResult | 'back'> {
  const { context, names, services } = work;
  const { settings, host } = await settingsOf(context);
  const { isClusterGiven, ...asking } = { ...newValues(session, { ...work, settings }), place: nowhere };
  let found = await gatherOrLeave(session, asking);
  for (;;) {
    if ('left' in found) return 'back';
    const { credentials, ongoing } = found;
    try {
      if (services.includes('gemini')) assertModelsAvailable(credentials.gemini, preferencesOf(settings));
      const changed = changedSecrets(context, { names, credentials, settings, isClusterGiven });
      const ended = await applyRotation(session, { ...work, settings, host, credentials, changed });
      if (ended !== 'back') return ended;
      if (ongoing === null) return 'back';
      found = await gatherOrLeave(session, { ...asking, ongoing, isBack: true });
    } catch (error) {
      const name = names.at(-1);
      if (ongoing === null || name === undefined || !isUnfit(error)) throw error;
      refuse(ongoing.state, name, { message: error.message, remedy: error.remedy });
      found = await gatherOrLeave(session, { ...asking, ongoing });
    }
  }
}

/** Accepted by its service, but no value for this Space: another can be given in its place. */
function isUnfit(error: unknown): error is Failure {
  const codes = ['model-not-open', 'conversations-not-readable', 'collection-not-there'];
  return error instanceof Failure && codes.includes(error.code);
}

/** Throws Failure `space-missing`, or `space-not-ours`. */
async function settingsOf(context: SpaceContext): Promise<{ settings: SpaceSettings; host: string | null }> {
  const { secrets, variables, host } = await readSpaceStatus(context);
  if (secrets === null || variables === null || variables['DEPLOYMENT_ID'] === undefined)
    throw notOurs(context.target.space);
  return { settings: { secrets, variables }, host };
}

function notOurs(space: string): Failure {
  return new Failure({
    code: 'space-not-ours',
    service: 'huggingface',
    message: `The Space ${space} was not deployed by this tool, or this token may not read its settings.`,
    remedy: `Deploy to it first: npx rag-space-setup --space ${space}`,
  });
}
