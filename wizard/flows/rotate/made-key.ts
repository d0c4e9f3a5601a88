import type { CommandInputs } from '../../deployment/command-inputs.ts';
import { HttpFailure } from '../../clients/http-failure.ts';
import { currentFingerprint } from '../../hosting/hosted-settings.ts';
import { fingerprint } from '../../hosting/fingerprint.ts';
import type { Resource } from '../../interview/fact-store.ts';
import type { FlowQuestion } from '../../interview/flow.ts';
import { confirmChoice } from '../../interview/confirm-choice.ts';
import { announceQdrantCloud, clusterTools } from '../../interview/provisioning/cluster-tools.ts';
import type { Session } from '../../model/runtime.ts';
import { Secret } from '../../model/secret.ts';
import {
  removeKey,
  replacedKeys,
  serverKeyFor,
  type ClusterKeyTools,
} from '../../provisioning/qdrant/cluster-keys.ts';
import { cloudRefusal, clusterAt } from '../../provisioning/qdrant/provision-cluster.ts';
import { answersIn, canMakeKey, isKeyMade, type MadeKey, type RotationState } from './rotation-state.ts';

/** Whether the new key of the cluster is made or pasted. */
export const madeKeyQuestion: FlowQuestion<RotationState> = {
  id: 'make-key',
  isOpen: (state) => state.isInteractive && canMakeKey(state) && state.keySource === null,
  prompt: () => ({
    type: 'choice',
    name: 'make-key',
    title: 'Make the new key at Qdrant Cloud?',
    lines: ['It only reads, which is enough for the server, and has no expiry.'],
    choices: [
      { value: 'make', label: 'Yes', note: 'with QDRANT_CLOUD_API_KEY' },
      { value: 'paste', label: 'No, I paste one', note: null },
    ],
  }),
  answer: (state, reply) =>
    reply.type === 'choice' ? { ...state, keySource: reply.value === 'make' ? 'make' : 'paste' } : state,
};

/** The new key, once the Space and its cluster are known. One that is not used in the end is deleted. */
export function madeKeyResource(
  session: Session,
  inputs: Pick<CommandInputs, 'http'>,
): Resource<RotationState> {
  return {
    id: 'made-key',
    key: (state) => {
      const url = answersIn(state).QDRANT_URL;
      return isKeyMade(state) && state.target !== undefined && url !== undefined
        ? [state.target, url.value]
        : null;
    },
    load: async (state, signal) => {
      const { target, answers } = state;
      const { QDRANT_CLOUD_API_KEY: key } = answers;
      const url = answersIn(state).QDRANT_URL?.value.reveal() ?? '';
      if (target === undefined || key === undefined) return {};
      announceQdrantCloud(session);
      const tools = clusterTools({ session, inputs }, { key: key.value, signal });
      try {
        const keyTools = await clusterAt(tools, url);
        const { space } = target.context.target;
        const current = currentFingerprint(target.settings, 'QDRANT_API_KEY');
        const value = await serverKeyFor(keyTools, { space, current, isReplaced: true });
        if (!(value instanceof Secret)) return {};
        // One object: a check is repeated for another one.
        const answer = { value, source: 'Qdrant Cloud', cleaned: [] };
        return { madeKey: { keyTools, space, value, answer } };
      } catch (error) {
        throw cloudRefusal(error);
      }
    },
    release: async ({ madeKey }) => (madeKey === undefined ? undefined : discardKey(madeKey)),
  };
}

/** A key that the server does not have. What cannot be deleted stays noted. */
export async function discardKey({ keyTools, space, value }: MadeKey): Promise<void> {
  const tools = atEnd(keyTools);
  const mark = fingerprint({ space, value: value.reveal() });
  const noted = await replacedKeys(tools, { space, current: '' });
  const own = noted.filter((key) => key.fingerprint === mark);
  try {
    for (const key of own) await removeKey(tools, key);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
  }
}

/** Offers to delete the keys that the new one replaces, where this machine made them. Throws Failure. */
export async function offerToDeleteReplaced(
  session: Session,
  { keyTools, space, value }: MadeKey,
): Promise<void> {
  const tools = atEnd(keyTools);
  const current = fingerprint({ space, value: value.reveal() });
  const old = await replacedKeys(tools, { space, current });
  if (old.length === 0) return;
  const lines = old.map(({ name }) => `${name}: made by this tool for this server, and replaced now.`);
  const isWanted = await confirmChoice(session, {
    title: 'Delete the old key at Qdrant Cloud?',
    lines,
    yes: 'Delete it',
    no: 'Keep it',
  });
  if (!isWanted) return;
  try {
    for (const key of old) await removeKey(tools, key);
    session.emit({ type: 'notice', code: 'revoked', message: 'The old Qdrant key is deleted.', remedy: '' });
  } catch (error) {
    throw cloudRefusal(error);
  }
}

function atEnd(keyTools: ClusterKeyTools): ClusterKeyTools {
  return { ...keyTools, cloud: keyTools.atEnd() };
}
