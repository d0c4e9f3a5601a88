import { describe, expect, it } from 'vitest';
import { deploymentId } from '../../../wizard/hosting/deployment-id.ts';

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
