import { describe, expect, it } from 'vitest';
import { deploymentId } from '../../../../wizard/hosting/space/deployment-id.ts';
import { fingerprint, fingerprintIn, noteFor } from '../../../../wizard/hosting/space/fingerprint.ts';

describe('a fingerprint', () => {
  it('is eight hex digits, another one in another Space, and none of the value', () => {
    const value = 'a-secret-value';
    const one = fingerprint({ space: 'ana/book', value });
    expect(one).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprint({ space: 'ana/other', value })).not.toBe(one);
    expect(fingerprint({ space: 'ana/book', value: `${value}x` })).not.toBe(one);
  });

  it('is read back from our note, and from no other', () => {
    const of = { space: 'ana/book', value: 'x' };
    expect(fingerprintIn(noteFor(of))).toBe(fingerprint(of));
    for (const note of [null, undefined, '', 'my key of May', 'rag-space-setup'])
      expect(fingerprintIn(note)).toBeNull();
  });
});

describe('the deployment id', () => {
  const settings = { B: '2', A: '1' };

  it('is sixteen hex digits and does not depend on order', () => {
    const id = deploymentId({ payloadDigest: 'd', settings });
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(deploymentId({ payloadDigest: 'd', settings: { A: '1', B: '2' } })).toBe(id);
  });

  it('changes with the payload, a name, and a value', () => {
    const all = [
      deploymentId({ payloadDigest: 'd', settings }),
      deploymentId({ payloadDigest: 'e', settings }),
      deploymentId({ payloadDigest: 'd', settings: { A: '1', B: '3' } }),
      deploymentId({ payloadDigest: 'd', settings: { A: '1', C: '2' } }),
      deploymentId({ payloadDigest: 'd', settings: { A: '1\nB\u00002' } }),
    ];
    expect(new Set(all).size).toBe(5);
  });
});
