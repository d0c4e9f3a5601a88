import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { clientAddressOf } from '../../../../server/http/limits/client-address.ts';

function client(peer: string, headers: Record<string, string> = {}, isProxied = false) {
  const request = { socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage;
  return clientAddressOf(request, { isProxied });
}
const behindProxy = (forwarded: string) => client('10.0.0.4', { 'x-forwarded-for': forwarded }).network;

test.each([
  ['203.0.113.1', '203.0.113.1'],
  ['203.0.113.1, 10.0.0.7', '203.0.113.1'],
  ['198.51.100.9, 203.0.113.1, 10.0.0.7', '203.0.113.1'],
  ['127.0.0.1, 203.0.113.1', '203.0.113.1'],
  ['203.0.113.1:51234', '203.0.113.1'],
  ['" 203.0.113.1 "', '203.0.113.1'],
  ['::ffff:203.0.113.1', '203.0.113.1'],
  ['[::ffff:cb00:7101]:443', '203.0.113.1'],
  ['203.0.113.1, nonsense', '10.0.0.4'],
  ['nonsense, 203.0.113.1', '203.0.113.1'],
  ['203.0.113.999', '10.0.0.4'],
  ['', '10.0.0.4'],
  [',,,', '10.0.0.4'],
  ['1.1.1.1, 192.168.1.20', '1.1.1.1'],
  ['192.168.1.20, 192.168.1.21', '192.168.1.21'],
  [`${'1.1.1.1, '.repeat(40)}203.0.113.1`, '203.0.113.1'],
])('behind a proxy, the chain %j is counted as %s', (forwarded, network) => {
  expect(behindProxy(forwarded)).toBe(network);
});

test.each([
  '2001:db8:7::1',
  '2001:0db8:0007:0000:0000:0000:0000:0001',
  '2001:DB8:7:0:0:0:0:1',
  '[2001:db8:7::1]',
  '[2001:db8:7::1]:443',
  '"[2001:db8:7::1]:443"',
  '2001:db8:7::0.0.0.1',
  '2001:db8:7::1%eth0',
  '2001:db8:7:ffff:1:2:3:4',
])('%s is counted as its /48', (address) => {
  expect(behindProxy(address)).toBe('2001:db8:7');
  expect(client('10.0.0.4', { 'x-forwarded-for': address }).provider).toBe('2001:db8');
});

test('a client that is connected directly cannot name another address', () => {
  expect(client('203.0.113.5', { 'x-forwarded-for': '198.51.100.1' }).network).toBe('203.0.113.5');
  expect(client('203.0.113.5', { 'x-forwarded-for': '198.51.100.1' }, true).network).toBe('198.51.100.1');
});

test('only a program on this machine that names no proxy is local', () => {
  expect([client('127.0.0.1').isLocal, client('::1').isLocal, client('::ffff:127.0.0.1').isLocal]).toEqual([
    true,
    true,
    true,
  ]);
  expect(client('10.0.0.4').isLocal).toBe(false);
  for (const name of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'via'])
    expect(client('127.0.0.1', { [name]: '127.0.0.1' }).isLocal).toBe(false);
});
