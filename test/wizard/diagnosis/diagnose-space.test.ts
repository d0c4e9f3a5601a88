import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { diagnoseSpace } from '../../../wizard/diagnosis/diagnose-space.ts';
import type { SpaceStatus } from '../../../wizard/deployment/server/space-status.ts';

const about = {
  service: 'huggingface',
  noun: 'the Space',
  label: 'ana/book',
  flags: '--space ana/book',
  page: () => 'https://huggingface.co/spaces/ana/book/settings',
} as const;
const secrets = { GEMINI_API_KEY: {}, QDRANT_URL: {}, DATABASE_URL: {} };
const healthy: SpaceStatus = {
  isPublic: true,
  hidden: null,
  stage: 'RUNNING',
  errorMessage: null,
  url: 'https://ana-book.hf.space',
  health: { status: 'healthy', deployment_id: '1', timestamp: 'now' },
  variables: { DEPLOYMENT_ID: { value: '1' }, ALLOWED_ORIGINS: { value: 'https://book.example' } },
  secrets,
};
/** What a function reports of its plan's limits. */
function withHosting(
  hosting: { status: string; used_percent: number },
  failed: string[] = [],
): SpaceStatus['health'] {
  const services = { fastapi: 'ok', hosting };
  const status = failed.length === 0 ? 'healthy' : 'degraded';
  return { status, deployment_id: '1', timestamp: 'now', services, failed_services: failed };
}
const codes = (changes: Partial<SpaceStatus>) =>
  diagnoseSpace({ ...healthy, ...changes }, about).map(({ code }) => code);

describe('a Space', () => {
  it('that is healthy has no finding', () => expect(codes({})).toEqual([]));

  it.each<[string, Partial<SpaceStatus>]>([
    ['space-private', { hidden: { code: 'space-private', message: 'It is private.', remedy: '' } }],
    ['space-not-docker', { hidden: { code: 'space-not-docker', message: 'It is static.', remedy: '' } }],
    ['function-protected', { hidden: { code: 'function-protected', message: 'A login.', remedy: '' } }],
    [
      'function-paused',
      { stage: 'PAUSED', health: null, hidden: { code: 'function-paused', message: 'Paused.', remedy: '' } },
    ],
    ['function-near-limit', { health: withHosting({ status: 'ok', used_percent: 50 }) }],
    ['service-hosting', { health: withHosting({ status: 'allotment-used', used_percent: 70 }, ['hosting']) }],
    ['space-paused', { stage: 'PAUSED', health: null }],
    ['space-build-failed', { stage: 'BUILD_ERROR', health: null }],
    ['space-build-failed', { stage: 'CONFIG_ERROR', errorMessage: 'Missing configuration', health: null }],
    ['space-empty', { stage: 'NO_APP_FILE', health: null }],
    ['space-deleted', { stage: 'DELETING', health: null }],
    ['space-crashed', { stage: 'RUNTIME_ERROR', errorMessage: 'Exit code 1', health: null }],
    ['server-silent', { health: null }],
    ['secret-missing', { secrets: { GEMINI_API_KEY: {}, QDRANT_URL: {} } }],
    ['secret-public', { variables: { DEPLOYMENT_ID: { value: '1' }, QDRANT_API_KEY: { value: 'x' } } }],
    ['deployment-outdated', { variables: { DEPLOYMENT_ID: { value: '2' } } }],
  ])('%s', (code, changes) => expect(codes(changes)).toEqual([code]));

  it.each(['qdrant', 'postgres', 'gemini'])(
    'whose server runs without %s has the finding service-%s',
    (name) => {
      const health = {
        status: 'degraded',
        deployment_id: '1',
        timestamp: 'now',
        failed_services: [name],
      } as const;
      expect(codes({ health: { ...health, failed_services: [name] } })).toEqual([`service-${name}`]);
    },
  );

  it('that is degraded is reported with the server’s reason and remedy', () => {
    const [finding, ...more] = diagnoseSpace(
      {
        ...healthy,
        health: {
          status: 'degraded',
          deployment_id: '1',
          timestamp: 'now',
          failed_services: ['qdrant'],
          services: {
            fastapi: 'ok',
            qdrant: { status: 'disconnected', error: 'It sleeps.', recommended_action: 'Wake it.' },
          },
        },
      },
      about,
    );
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ code: 'service-qdrant', service: 'qdrant', remedy: 'Wake it.' });
    expect(finding?.message).toContain('It sleeps.');
  });

  it('that sleeps or builds has no finding', () => {
    for (const stage of ['SLEEPING', 'BUILDING', 'APP_STARTING', 'A_STAGE_OF_TOMORROW'])
      expect(codes({ stage, health: null })).toEqual([]);
  });

  it.each([
    ['https://book.example/', 'https://book.example'],
    ['https://book.example/docs', 'https://book.example'],
    ['"https://book.example"', 'https://book.example'],
    ['book.example', 'https://book.example'],
    ['https://Book.example', 'https://book.example'],
  ])('with the origin %s should have %s', (value, right) => {
    const variables = { DEPLOYMENT_ID: { value: '1' }, ALLOWED_ORIGINS: { value } };
    const [finding] = diagnoseSpace({ ...healthy, variables }, about);
    expect(finding?.code).toBe('origin-misspelled');
    expect(finding?.remedy).toContain(`Write ${right} on`);
  });
});

it('docs/troubleshooting.md explains every finding', () => {
  const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');
  const sources = ['space', 'frontend', 'collection', 'models', 'folder'].map((name) =>
    readFileSync(new URL(`../../../wizard/diagnosis/diagnose-${name}.ts`, import.meta.url), 'utf8'),
  );
  const findings = [...sources.join('\n').matchAll(/(?:code: |finding\()'([a-z-]+)'/g)].map(
    ([, code]) => code,
  );
  expect(new Set(findings).size).toBeGreaterThan(20);
  expect(findings.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
