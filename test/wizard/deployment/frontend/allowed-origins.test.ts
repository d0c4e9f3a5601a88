import { describe, expect, it } from 'vitest';
import {
  mergeOrigins,
  describeOriginChanges,
} from '../../../../wizard/deployment/frontend/allowed-origins.ts';

const none = { standing: null, wanted: [], said: [] };

describe('the merged origins', () => {
  it.each([
    ['a comma list', ' https://old.example, https://www.old.example '],
    ['a JSON array', '["https://old.example","https://www.old.example"]'],
    ['quoted values', '"https://old.example",\'https://www.old.example\''],
  ])('keep what stands as %s', (_, standing) => {
    expect(mergeOrigins({ ...none, standing, wanted: ['https://new.example'] }).split(',')).toEqual([
      'https://old.example',
      'https://www.old.example',
      'https://new.example',
    ]);
  });

  it('are left as they are when they hold all', () => {
    const standing = 'https://a.example,http://localhost:3000';
    expect(mergeOrigins({ ...none, standing, wanted: ['https://a.example'] })).toBe(standing);
  });

  it('let the local preview in unless somebody said which, or took it out', () => {
    const wanted = ['https://a.example'];
    expect(mergeOrigins({ ...none, wanted })).toBe('https://a.example,http://localhost:3000');
    expect(mergeOrigins({ ...none, wanted, said: ['https://b.example'] })).toBe(
      'https://a.example,https://b.example',
    );
    expect(mergeOrigins({ ...none, wanted, standing: 'https://a.example' })).toBe('https://a.example');
  });
});

describe('the plan', () => {
  it('names who comes in and who stays', () => {
    const standing = 'https://old.example';
    expect(
      describeOriginChanges({ standing, next: 'https://old.example,https://a.example,https://b.example' }),
    ).toBe('ALLOWED_ORIGINS lets in https://a.example, https://b.example; keeps https://old.example');
    expect(describeOriginChanges({ standing: null, next: 'https://a.example' })).toBe(
      'ALLOWED_ORIGINS lets in https://a.example',
    );
    expect(describeOriginChanges({ standing, next: 'https://a.example' })).toBe(
      'ALLOWED_ORIGINS lets in https://a.example; no longer https://old.example',
    );
    expect(describeOriginChanges({ standing, next: standing })).toBe('');
  });
});
