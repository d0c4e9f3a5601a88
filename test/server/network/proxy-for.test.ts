import { describe, expect, it } from 'vitest';
import { proxyFor, proxySecrets, ProxyError } from '../../../server/network/proxy-for.ts';

const at = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env)?.url.host ?? null;
const both = { HTTPS_PROXY: 'http://secure:1', http_proxy: 'plain:2' };

describe('the proxy of the environment', () => {
  it.each([
    ['https://huggingface.co/api', both, 'secure:1'],
    ['wss://db.example/v2', both, 'secure:1'],
    ['http://book.example/', both, 'plain:2'],
    ['https://huggingface.co/api', { http_proxy: 'plain:2' }, null],
    ['https://huggingface.co/api', { ALL_PROXY: 'https://all:3' }, 'all:3'],
    ['https://huggingface.co/api', { https_proxy: '', HTTPS_PROXY: 'secure:1' }, 'secure:1'],
    ['https://huggingface.co/api', { https_proxy: 'lower:1', HTTPS_PROXY: 'upper:1' }, 'lower:1'],
    ['https://huggingface.co/api', {}, null],
  ])('for %s and %o is %s', (url, env, wanted) => {
    expect(at(url, env as Record<string, string>)).toBe(wanted);
  });

  it.each([
    'http://localhost:7860',
    'http://127.0.0.1:3000',
    'http://127.3.2.1',
    'https://[::1]:5',
    'http://hub.localhost',
    'http://0.0.0.0:80',
    'http://[::ffff:127.0.0.1]/',
  ])('is none for %s, which is this machine', (url) => {
    expect(at(url, { ...both, ALL_PROXY: 'http://all:3' })).toBeNull();
  });

  it.each([
    ['huggingface.co', true],
    ['.huggingface.co', true],
    ['*.huggingface.co', true],
    ['HuggingFace.co:443', true],
    ['huggingface.co:8443', false],
    ['face.co', false],
    ['a.example, b.example huggingface.co', true],
    ['*', true],
    ['co', true],
    ['10.0.0.0/8', false],
    ['', false],
  ])('is not used where NO_PROXY is "%s": %s', (list, isExempt) => {
    expect(at('https://huggingface.co/', { ...both, NO_PROXY: list }) === null).toBe(isExempt);
  });

  it('is not used for the numbers of a network in no_proxy', () => {
    const env = { ...both, no_proxy: '10.0.0.0/8,2001:db8::/32,192.0.2.1' };
    expect(at('https://10.1.2.3/', env)).toBeNull();
    expect(at('https://[2001:db8::7]/', env)).toBeNull();
    expect(at('https://192.0.2.1/', env)).toBeNull();
    expect(at('https://11.1.2.3/', env)).toBe('secure:1');
  });

  it('gets its login as the header, and no error holds it', () => {
    const env = { HTTPS_PROXY: 'http://ana:p%40ss-canary@proxy:3128' };
    const proxy = proxyFor(new URL('https://a.example'), env);
    expect(proxy?.authorization).toBe(`Basic ${Buffer.from('ana:p@ss-canary').toString('base64')}`);
    expect(proxySecrets(env)).toEqual(['p%40ss-canary', 'p@ss-canary', 'ana:p@ss-canary']);
    const socks = { HTTPS_PROXY: 'socks5://ana:canary@proxy:1080' };
    expect(() => proxyFor(new URL('https://a.example'), socks)).toThrow(ProxyError);
    expect(() => proxyFor(new URL('https://a.example'), socks)).not.toThrow(/canary/);
  });
});
