import { expect, test } from 'vitest';
import { isHealthPath } from '../../../server/http/health-routes.ts';

test('a health path may end with slashes and a query', () => {
  expect(['/api/health', '/api/live/', '/health//?a=b', '/api/v1/health#c'].map(isHealthPath)).toEqual(
    Array.from({ length: 4 }, () => true),
  );
  expect(isHealthPath('/api/healthy')).toBe(false);
});

test('an address of many slashes is read in no time', () => {
  const before = process.cpuUsage();
  for (let times = 0; times < 20; times += 1) isHealthPath(`${'/'.repeat(15_900)}x`);
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(300);
});
