import { describe, expect, it } from 'vitest';
import {
  describeOriginChanges,
  frontendOrigins,
  mergeOrigins,
} from '../../../../wizard/deployment/frontend/allowed-origins.ts';
import { startSandboxServices } from '../../steps/sandbox-services.ts';

const none = { current: null, required: [], configured: [] };

describe('the merged origins', () => {
  it.each([
    ['a comma list', ' https://old.example, https://www.old.example '],
    ['a JSON array', '["https://old.example","https://www.old.example"]'],
    ['quoted values', '"https://old.example",\'https://www.old.example\''],
  ])('keep the current ones, written as %s', (_, current) => {
    expect(mergeOrigins({ ...none, current, required: ['https://new.example'] }).split(',')).toEqual([
      'https://old.example',
      'https://www.old.example',
      'https://new.example',
    ]);
  });

  it('stay byte-equal when none is missing', () => {
    const current = 'https://a.example,http://localhost:3000';
    expect(mergeOrigins({ ...none, current, required: ['https://a.example'] })).toBe(current);
  });

  it('allow the local preview unless the user configured others, or removed it', () => {
    const required = ['https://a.example'];
    expect(mergeOrigins({ ...none, required })).toBe('https://a.example,http://localhost:3000');
    expect(mergeOrigins({ ...none, required, configured: ['https://b.example'] })).toBe(
      'https://a.example,https://b.example',
    );
    expect(mergeOrigins({ ...none, required, current: 'https://a.example' })).toBe('https://a.example');
  });
});

describe('the plan', () => {
  it('names the origins that are added, kept and removed', () => {
    const current = 'https://old.example';
    expect(
      describeOriginChanges({ current, next: 'https://old.example,https://a.example,https://b.example' }),
    ).toBe('ALLOWED_ORIGINS allows https://a.example, https://b.example; keeps https://old.example');
    expect(describeOriginChanges({ current: null, next: 'https://a.example' })).toBe(
      'ALLOWED_ORIGINS allows https://a.example',
    );
    expect(describeOriginChanges({ current, next: 'https://a.example' })).toBe(
      'ALLOWED_ORIGINS allows https://a.example; no longer https://old.example',
    );
    expect(describeOriginChanges({ current, next: current })).toBe('');
  });
});

describe('the project’s origins', () => {
  it('are the domains that serve production, and a pattern for its own previews', async () => {
    const world = await startSandboxServices();
    world.vercel.controls['domains']?.({
      project: 'sample-book',
      domains: {
        'book.example': null,
        'www.book.example': 'book.example',
        'sample-book.vercel.app': null,
      },
    });
    const { all, previews } = await frontendOrigins(world.context());
    expect(all[0]).toBe('https://book.example');
    expect(all).toContain('https://sample-book.vercel.app');
    expect(all).not.toContain('https://www.book.example');
    expect(previews).toBe('https://sample-book-*-ana.vercel.app');
    await world.close();
  });
});
