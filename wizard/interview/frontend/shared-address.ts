import type {
  ApiUrlDetection,
  ApiUrlFinding,
  OtherRequest,
} from '../../frontend/detect-api-url/api-url-detection.ts';
import { originOf } from '../../frontend/url-source.ts';
import { Failure } from '../../model/failure.ts';
import type { Session } from '../../model/runtime.ts';
import type { FlowQuestion } from '../flow.ts';
import { findingIn, isFindingOpen } from './frontend-source.ts';
import type { AddressMove, FrontendState } from './frontend-state.ts';

/** The requests that would go to our server as well, and that it does not answer, if the chat's whole base moved. */
export function lostRequests(
  { otherRequests }: ApiUrlDetection,
  finding: ApiUrlFinding,
): readonly OtherRequest[] {
  // A rule forwards single paths.
  if (finding.mechanism === 'same-origin') return [];
  const moved = finding.variable ?? originOf(finding.source.name);
  return otherRequests.filter(({ address, isAnswered }) => address === moved && !isAnswered);
}

/** A person chooses what moves; the chat's request alone is the default. */
export function moveQuestion<S extends FrontendState>(
  session: Pick<Session, 'flags'>,
  after: readonly string[],
): FlowQuestion<S> {
  return {
    id: 'FRONTEND_MOVE',
    after,
    isRevisited: false,
    isOpen: (state) => isMoveOpen(session, state),
    prompt: (state) => {
      const lost = lostIn(session, state);
      return {
        type: 'choice',
        name: 'FRONTEND_MOVE',
        title: 'Other requests go to the chat’s address too. What moves to the new server?',
        lines: [`${these(lost)} there too, and the new server does not answer them:`, ...lost.map(lineOf)],
        choices: [
          { value: 'chat', label: 'The chat’s request alone', note: 'by a change of the source, shown next' },
          { value: 'none', label: 'Nothing', note: 'the frontend stays as it is' },
          { value: 'all', label: 'All of them', note: 'what is listed above stops working' },
        ],
      };
    },
    answer: (state, reply) => {
      const { frontendSource } = state;
      if (reply.type !== 'choice' || frontendSource === undefined) return state;
      return { ...state, chosenMove: { on: frontendSource, value: reply.value as AddressMove } };
    },
  };
}

export function isMoveOpen(session: Pick<Session, 'flags'>, state: FrontendState): boolean {
  const { frontendSource, chosenMove, isInteractive } = state;
  if (!isInteractive || session.flags.yes || isFindingOpen(session, state)) return false;
  return lostIn(session, state).length > 0 && chosenMove?.on !== frontendSource;
}

function lostIn({ flags }: Pick<Session, 'flags'>, state: FrontendState): readonly OtherRequest[] {
  const { frontendSource, chosenFinding } = state;
  const detection = frontendSource?.detection ?? null;
  if (detection === null) return [];
  const match = findingIn(detection, flags.frontendVariable);
  const index = chosenFinding?.on === frontendSource ? (chosenFinding?.value ?? 0) : 0;
  const finding = match === 'unclear' ? (detection.findings[index] ?? null) : match;
  return finding === null ? [] : lostRequests(detection, finding);
}

const these = ({ length }: readonly OtherRequest[]): string =>
  length === 1 ? 'This request goes' : `These ${length} requests go`;

function lineOf({ method, path, place }: OtherRequest): string {
  return `${method} ${path === '' ? '/' : path} (${place.file}:${place.line})`;
}

/** Failure `frontend-unclear` (input-missing): what else goes to the address would move too, and no one can be asked. */
export function addressShared(
  lost: readonly OtherRequest[],
  { why, canBeWritten }: { why: string | null; canBeWritten: boolean },
): Failure {
  const more = lost.length > 8 ? `; ${lost.length - 8} more` : '';
  const list = `${lost.slice(0, 8).map(lineOf).join('; ')}${more}`;
  const cause = why === null ? '' : ` The chat’s request alone cannot be moved: ${why}.`;
  return new Failure({
    kind: 'input-missing',
    code: 'frontend-unclear',
    service: 'vercel',
    message: `${these(lost)} to the chat’s address too, and the new server does not answer them: ${list}.${cause}`,
    remedy: canBeWritten
      ? 'Add --write-frontend: the chat’s request alone is changed, as shown. Or run without --yes, and choose.'
      : 'Let the chat’s request read a variable of its own in the source, then run again. Or run without --yes, and choose.',
  });
}
