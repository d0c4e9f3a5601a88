import { expect, test } from 'vitest';
import { CallBudget } from '../../../../server/chat/budget/call-budget.ts';
import { CircuitBreaker } from '../../../../server/chat/resilience/circuit-breaker.ts';

const day = 86_400_000;

/** The table in memory; `isAway` fails every statement, `isHeld` answers none. */
function usageTable() {
  const leased = new Map<string, number>();
  const state = { isAway: false, isHeld: false, leases: 0 };
  const answer = async <T>(work: () => T): Promise<T> => {
    await Promise.resolve();
    if (state.isHeld) await new Promise(() => undefined);
    if (state.isAway) throw new Error('away');
    return work();
  };
  const store = {
    lease: (request: { day: string; calls: number; budget: number; unsettled: number }) =>
      answer(() => {
        state.leases += 1;
        const before = (leased.get(request.day) ?? 0) + request.unsettled;
        const granted = Math.max(0, Math.min(request.calls, request.budget - before));
        leased.set(request.day, before + granted);
        return granted;
      }),
    settle: (request: { day: string; calls: number }) =>
      answer(() => void leased.set(request.day, (leased.get(request.day) ?? 0) + request.calls)),
  };
  return { store, leased, state };
}

const clock = { now: 20_000 * day };

function processOf(store: ReturnType<typeof usageTable>['store'], budget: number) {
  const breaker = new CircuitBreaker({ service: 'postgres', now: () => clock.now });
  const options = { store, breaker, now: () => clock.now, waitMs: 50, log: () => undefined };
  return new CallBudget({ ...options, budget });
}

async function spend(budget: CallBudget, calls: number): Promise<number> {
  const results = await Promise.all(Array.from({ length: calls }, () => budget.take()));
  return results.filter(Boolean).length;
}

test('two processes spend the budget together, and not more, however many ask at once', async () => {
  const { store } = usageTable();
  const [first, second] = [processOf(store, 50), processOf(store, 50)];
  const [a, b] = await Promise.all([spend(first, 100), spend(second, 100)]);
  expect(a + b).toBe(50);
  expect(await spend(processOf(store, 50), 5)).toBe(0);
});

test('a killed process costs at most one block, and one that ends gives the rest back', async () => {
  const { store, leased } = usageTable();
  for (let kill = 0; kill < 3; kill += 1) expect(await spend(processOf(store, 100), 2)).toBe(2);
  expect([...leased.values()]).toEqual([60]);
  const ending = processOf(store, 100);
  await spend(ending, 3);
  await ending.close({ ms: 1_000 });
  expect([...leased.values()]).toEqual([63]);
  expect(await spend(processOf(store, 100), 100)).toBe(37);
});

test('while the database is away a process spends sixty calls a day, which count when it is back', async () => {
  const { store, leased, state } = usageTable();
  state.isAway = true;
  const budget = processOf(store, 300);
  expect(await spend(budget, 100)).toBe(60);
  expect(await budget.hasCalls()).toBe(false);
  state.isAway = false;
  clock.now += 60_000;
  expect(await spend(budget, 1)).toBe(1);
  expect([...leased.values()]).toEqual([80]);
  expect(await spend(budget, 500)).toBe(239);
});

test('a budget of less than sixty is not exceeded from memory, and a used-up one not at all', async () => {
  const { store, state } = usageTable();
  const informed = processOf(store, 10);
  expect(await spend(informed, 20)).toBe(10);
  state.isAway = true;
  clock.now += 60_000;
  expect(await spend(informed, 20)).toBe(0);
  expect(await spend(processOf(store, 10), 20)).toBe(10);
});

test('a database that does not answer is waited for once', async () => {
  const { store, state } = usageTable();
  state.isHeld = true;
  const budget = processOf(store, 300);
  const began = performance.now();
  expect(await spend(budget, 30)).toBe(30);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('the next UTC day starts again, and calls that another process gave back are seen', async () => {
  const { store, state } = usageTable();
  const [budget, other] = [processOf(store, 30), processOf(store, 30)];
  expect(await spend(other, 1)).toBe(1);
  expect(await spend(budget, 30)).toBe(10);
  const { leases } = state;
  expect(await spend(budget, 5)).toBe(0);
  expect(state.leases).toBe(leases);
  await other.close({ ms: 1_000 });
  clock.now += 31_000;
  expect(await spend(budget, 30)).toBe(19);
  clock.now += day;
  expect(await spend(budget, 40)).toBe(30);
});

test('a budget of 0 means no limit, without a statement', async () => {
  const { store, state } = usageTable();
  expect(await spend(processOf(store, 0), 1_000)).toBe(1_000);
  expect(state.leases).toBe(0);
});
