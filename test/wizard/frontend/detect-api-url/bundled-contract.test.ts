import { describe, expect, it } from 'vitest';
import { detectApiUrl } from '../../../../wizard/frontend/detect-api-url/detect-api-url.ts';
import { bundleOf } from './bundle-of.ts';
import { clients } from './clients/clients.ts';
import { contractText } from './contract-text.ts';

const page = new URL('https://book.example.org/');

/** In a bundle nothing names the package that sends these requests: their contract is unknown. */
const ofUnnamedPackages = new Set([
  'axios.post',
  'axios with one object',
  'an axios client whose interceptor returns the data',
  'an axios client without one',
  'ky with json',
  'a ky client with a prefix',
]);

/** A minifier takes the names that say what a value is for. */
const withoutRoles = (request: string): string => request.replaceAll(/\((?:selection|unknown)\)/g, '(?)');

describe('the contract of a minified client', () => {
  it.each(clients)('$title', async ({ title, files, request, reply }) => {
    const script = await bundleOf(files);
    const { findings } = detectApiUrl(new Map([[`${page.href}main.js`, script]]), { page });
    const contract = findings[0]?.contract ?? null;
    const isUnknown = request === 'unknown' || ofUnnamedPackages.has(title);
    const text = contract === null ? { request: 'unknown', reply: 'unknown' } : contractText(contract);
    expect(withoutRoles(text.request)).toBe(isUnknown ? 'unknown' : withoutRoles(request));
    expect(text.reply).toBe(isUnknown ? 'unknown' : reply);
  });
});
