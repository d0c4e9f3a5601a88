import { expect, it } from 'vitest';
import { mergedOrigins } from '../../../wizard/steps/origins.ts';

it.each([
  ['a comma list', ' https://old.example, https://www.old.example '],
  ['a JSON array', '["https://old.example","https://www.old.example"]'],
  ['quoted values', '"https://old.example",\'https://www.old.example\''],
])('keeps what stands as %s', (_, standing) => {
  expect(mergedOrigins({ standing, wanted: ['https://new.example'] }).split(',')).toEqual([
    'https://old.example',
    'https://www.old.example',
    'https://new.example',
    'http://localhost:3000',
  ]);
});

it('leaves a value that holds all as it is', () => {
  const standing = 'https://a.example,http://localhost:3000';
  expect(mergedOrigins({ standing, wanted: ['https://a.example'] })).toBe(standing);
});
