import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { readProject } from '../../../../wizard/frontend/read-project.ts';
import { copySite, sampleSites } from '../../../sites/sample-sites.ts';

const { signal } = new AbortController();
const root = mkdtempSync(join(tmpdir(), 'detect-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function detected(name: string) {
  const site = sampleSites.find((one) => one.name === name);
  if (site === undefined) throw new Error(name);
  const dir = join(root, name);
  copySite(site, dir);
  return detectApiUrl(await readProject({ dir, signal }));
}

describe('how a sample site gets its address', () => {
  it.each(sampleSites)('$name: $mechanism', async ({ name, ...expected }) => {
    const { findings } = await detected(name);
    const [first] = findings;
    expect({
      mechanism: first?.mechanism,
      variable: first?.variable,
      place: `${first?.location.file}:${first?.location.line}`,
      path: first?.suffix.path,
      reaches: first?.reachesPages,
    }).toEqual({
      mechanism: expected.mechanism,
      variable: expected.variable,
      place: expected.place,
      path: expected.path,
      reaches: expected.reaches,
    });
  });
});

describe('decoys', () => {
  it('are named: a field that nothing reads, a variable that nothing asks with', async () => {
    const { findings, decoys } = await detected('docusaurus-decoys');
    expect(findings.map(({ variable }) => variable)).toEqual(['REACT_APP_BACKEND_URL']);
    expect(decoys.map(({ name, reason: why }) => `${name}: ${why}`)).toEqual([
      'REACT_APP_LEGACY_API_URL: nothing asks a server with it',
      'apiBaseUrl: no page reads this field',
    ]);
  });

  it('an old Space’s host in a second file is found beside the first', async () => {
    const { findings } = await detected('docusaurus-written');
    expect(findings.map(({ location: place }) => `${place.file}:${place.line}`)).toEqual([
      'src/chat/address.js:4',
      'src/chat/warm.js:2',
    ]);
  });
});
