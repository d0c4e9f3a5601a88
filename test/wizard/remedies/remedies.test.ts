import { describe, expect, it } from 'vitest';
import { HttpFailure, type HttpProblem } from '../../../wizard/clients/http-failure.ts';
import { serviceTitles, type Service } from '../../../wizard/model/service.ts';
import { scanFailures, scanFile } from './failure-entries.ts';

const { entries, forwarded } = scanFailures();

/** Where a code is passed on that another entry has, so that no form of writing one goes unseen. */
const passedOn: readonly string[] = [
  'server/adapters/qdrant/qdrant-endpoints.ts: code',
  'server/chat/book-index/book-state.ts: error.code',
  // Of a service: a reader of an answer sees it.
  'server/chat/resilience/deadline.ts: `${service}-unanswered`',
  // Below, by running it.
  'wizard/clients/http-failure.ts: problem.type',
  'wizard/commands/save-failure.ts: code',
  'wizard/diagnosis/check-keys.ts: probe.code',
  'wizard/diagnosis/diagnose-frontend.ts: code',
  'wizard/diagnosis/diagnose-space.ts: problem.code',
  // The remedy is the server’s own, else its log.
  'wizard/diagnosis/diagnose-space.ts: `service-${name}`',
  'wizard/interview/credentials/live-checks.ts: code',
  'wizard/model/formats/vendor-condition.ts: condition.code',
  'wizard/probes/postgres/postgres-errors.ts: certificate.code',
  'wizard/probes/postgres/postgres-errors.ts: match.code',
  'wizard/probes/postgres/probe-postgres.ts: code',
  'wizard/probes/qdrant/probe-qdrant.ts: code',
  'wizard/probes/rejection.ts: code',
  // A schema, not a failure.
  'wizard/run/last-failure.ts: z.string()',
  'wizard/steps/redeploy/follow-deployment.ts: end.code',
];

/** Codes whose remedy is written twice because the cause is the same, seen in two ways. */
const sameCause: Record<string, string> = {
  'gemini-unavailable': 'Gemini’s own trouble, before and within an answer',
  cancelled: 'the same key, at a step and at the question after one',
  'source-link-broken': 'the same link, followed by the proof and by the browser',
  'space-missing': 'of each hosting',
  'wrong-password': 'by the code and by the words of a proxy',
};

/** Failures after which the same command alone may succeed, and what will have changed by then. */
const helpedByAnotherRun: Record<string, string> = {
  conflict: 'another write at the vendor has ended',
  'rate-limited': 'the vendor’s window has passed',
  busy: 'the connections before it have been served',
  'vercel-in-transfer': 'the move has ended',
  'plan-outdated': 'the new plan is read',
  'ended-early': 'completed steps are not repeated',
  'space-build-failed': 'the next build starts from scratch',
  'space-deleted': 'the Hub has ended the deletion',
  'space-without-address': 'the Hub has named a new Space’s host',
  'space-missing': 'the Space is created again',
  'space-locked': 'the other run has ended',
  'answer-failed': 'a Space that was waking up has woken',
  'frontend-files-changed': 'the change is computed for the new files',
  'frontend-canceled': 'a new deployment is created',
  'frontend-deleted': 'a new deployment is created',
  'origin-not-allowed': 'the origins are written again',
  starting: 'the database has started',
  'neon-unreachable': 'Neon is reached again',
  'qdrant-cloud-unreachable': 'Qdrant Cloud is reached again',
  left: 'completed steps are not repeated',
  cancelled: 'completed steps are not repeated',
  'site-unreachable': 'the site answers again',
  'collection-busy': 'the other run has ended',
};

/** Nothing is asked of the person but to wait and to run it again. */
const onlyAgain =
  /^(?:(?:wait|give|open)\b[^.;]*(?:,|;|and) (?:then |when[^,]*, )?)?run (?:it |this |the same command )?again(?! with --)/i;

describe('the remedies of the wizard’s failures', () => {
  it('are found in the source, whatever the code is written with', () => {
    expect(entries.length).toBeGreaterThan(280);
    expect(forwarded.toSorted()).toEqual([...passedOn].sort());
    const { entries: literal, forwarded: unseen } = scanFile(
      'a.ts',
      `const b = 'B.'; const fail = (code, message, remedy) => new Failure({ code, message, remedy });
      fail('by-position', 'm', b); f({ code: x ? 'one' : 'two', remedy: x ? 'C.' : 'D.' }); f({ code: y.z, remedy: b })`,
    );
    expect(literal.map(({ code, remedy }) => `${code} ${remedy}`)).toEqual([
      'by-position B.',
      'one C.',
      'two D.',
    ]);
    expect(unseen).toEqual(['a.ts: y.z']);
  });

  it('are never empty', () => {
    // What the book's report says needs nothing to be done.
    const failures = entries.filter(({ code }) => code !== 'pages-left-out');
    expect(failures.filter(({ remedy }) => remedy.trim() === '')).toEqual([]);
  });

  it('advise only to run again where something will have changed by then', () => {
    const again = entries.filter(({ remedy }) => remedy.split(' / ').some((text) => onlyAgain.test(text)));
    expect(again.filter(({ code }) => !Object.hasOwn(helpedByAnotherRun, code))).toEqual([]);
    const stale = Object.keys(helpedByAnotherRun).filter(
      (code) => !again.some((entry) => entry.code === code),
    );
    expect(stale).toEqual([]);
  });

  it('differ where a code has several causes, in any file', () => {
    const seen = new Map<string, number>();
    for (const { code, remedy } of entries) {
      const key = `${code}: ${remedy}`;
      if (remedy !== '…') seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const repeated = [...seen].flatMap(([key, count]) => (count > 1 ? [key.split(': ')[0] ?? ''] : []));
    expect(repeated.toSorted()).toEqual(Object.keys(sameCause).sort());
  });
});

describe('the remedies of a failed call', () => {
  const services = Object.keys(serviceTitles) as Service[];
  const problems: HttpProblem[] = [
    { type: 'timed-out', ms: 1_000 },
    { type: 'went-quiet', ms: 1_000 },
    { type: 'no-connection', detail: 'x' },
    { type: 'not-json', status: 200 },
    { type: 'unexpected-answer', status: 200, detail: 'x' },
    { type: 'redirected', status: 302, to: 'https://a.example' },
    ...[400, 401, 402, 403, 404, 409, 410, 422, 429, 500, 503].map((status): HttpProblem => ({
      type: 'status',
      status,
    })),
  ];

  it.each(services)('of %s name the service and what to look at', (service) => {
    const failures = problems.map((problem) => new HttpFailure({ problem, service, what: 'asking' }));
    for (const { code, remedy } of failures) {
      expect(remedy, code).not.toBe('');
      expect(remedy, code).not.toContain('VENDOR');
      if (onlyAgain.test(remedy)) expect(Object.keys(helpedByAnotherRun)).toContain(code);
    }
    const codes = new Map(failures.map(({ code, remedy }) => [code, remedy]));
    for (const { code, remedy } of failures) expect(codes.get(code)).toBe(remedy);
  });

  it('differ by what the vendor says of the account', () => {
    const remedies = [
      'The account is suspended',
      'This violates our terms of service',
      'The storage quota is exceeded',
      'No capacity in this region',
      'Unknown field',
    ].map((message) => {
      const problem: HttpProblem = { type: 'status', status: 400 };
      return new HttpFailure({ problem, service: 'huggingface', what: 'asking', data: { message } }).remedy;
    });
    expect(new Set(remedies).size).toBe(remedies.length);
  });
});
