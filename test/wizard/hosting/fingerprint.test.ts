import { describe, expect, it } from 'vitest';
import { fingerprint, fingerprintIn, noteFor } from '../../../wizard/hosting/fingerprint.ts';

describe('a fingerprint', () => {
  it('is eight hex digits, and differs by Space and by value', () => {
    const value = 'a-secret-value';
    const mark = fingerprint({ space: 'ana/book', value });
    expect(mark).toMatch(/^[0-9a-f]{8}$/);
    expect(fingerprint({ space: 'ana/other', value })).not.toBe(mark);
    expect(fingerprint({ space: 'ana/book', value: `${value}x` })).not.toBe(mark);
  });

  it('is read from a description of ours, and from no other', () => {
    const secret = { space: 'ana/book', value: 'x' };
    expect(fingerprintIn(noteFor(secret))).toBe(fingerprint(secret));
    for (const note of [null, undefined, '', 'my key of May', 'rag-space-setup'])
      expect(fingerprintIn(note)).toBeNull();
  });
});
