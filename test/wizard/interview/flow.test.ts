import { describe, expect, it } from 'vitest';
import { runFlow, type Flow, type FlowQuestion } from '../../../wizard/interview/flow.ts';
import type { Resource } from '../../../wizard/interview/fact-store.ts';
import type { Prompt, Reply } from '../../../wizard/model/question.ts';

type Trip = { from?: string; to?: string; note?: string; fare?: number; defaults?: readonly string[] };

function question(id: 'from' | 'to' | 'note', more: Partial<FlowQuestion<Trip>> = {}): FlowQuestion<Trip> {
  return {
    id,
    isOpen: (trip) => trip[id] === undefined,
    prompt: (trip) => ({
      type: 'choice',
      name: id,
      title: '',
      lines: [...(trip.defaults ?? [])],
      choices: [],
    }),
    answer: (trip, reply) =>
      reply.type === 'choice' && reply.value !== ''
        ? { ...trip, [id]: reply.value }
        : { message: 'Nothing was entered.', remedy: 'Enter a name.' },
    ...more,
  };
}

const choose = (value: string): Reply => ({ type: 'choice', value });
const back: Reply = { type: 'back' };
const { signal } = new AbortController();

/** Runs a flow whose user gives these replies in order. */
async function run(replies: Reply[], options: Partial<Flow<Trip>> = {}) {
  const prompts: Prompt[] = [];
  const final = await runFlow<Trip>({
    initial: {},
    questions: [question('from'), question('to')],
    signal,
    ...options,
    ask: async ({ prompt }) => {
      prompts.push(prompt);
      const reply = replies.shift();
      if (reply === undefined) throw new Error(`no reply to ${JSON.stringify(prompt)}`);
      return reply;
    },
  });
  return {
    final,
    names: prompts.map((prompt) => (prompt.type === 'choice' ? prompt.name : prompt.type)),
    prompts,
  };
}

describe('a flow', () => {
  it('asks the first open question until none is open', async () => {
    const { final, names } = await run([choose('A'), choose('B')]);
    expect(final).toEqual({ from: 'A', to: 'B' });
    expect(names).toEqual(['from', 'to']);
  });

  it('asks nothing that is known', async () => {
    const { final, names } = await run([choose('B')], { initial: { from: 'A' } });
    expect(final).toEqual({ from: 'A', to: 'B' });
    expect(names).toEqual(['to']);
  });

  it('asks again after an answer that cannot be used', async () => {
    const { names } = await run([choose(''), choose('A'), choose('B')]);
    expect(names).toEqual(['from', 'from', 'to']);
  });

  it('throws Failure cancelled on Ctrl-C, or what the flow says', async () => {
    await expect(run([{ type: 'cancel' }])).rejects.toMatchObject({ kind: 'cancelled' });
    const onCancel = async () => Object.assign(new Error('of its own'), { kind: 'failed' }) as never;
    await expect(run([{ type: 'cancel' }], { onCancel })).rejects.toThrow('of its own');
  });
});

describe('going back', () => {
  it('pops the history, and ends with null at the first question', async () => {
    const { names } = await run([choose('A'), back, choose('C'), choose('B')]);
    expect(names).toEqual(['from', 'to', 'from', 'to']);
    const left = await run([choose('A'), back, back], { canLeave: true });
    expect(left.final).toBeNull();
  });

  it('is offered only where it leads somewhere', async () => {
    const { prompts } = await run([choose('A'), choose('B')]);
    expect(prompts).toMatchObject([{ canGoBack: false }, { canGoBack: true }]);
    const leaving = await run([choose('A'), choose('B')], { canLeave: true });
    expect(leaving.prompts).toMatchObject([{ canGoBack: true }, { canGoBack: true }]);
  });

  it('passes questions by that are not revisited', async () => {
    const questions = [question('from'), question('note', { isRevisited: false }), question('to')];
    const { names } = await run([choose('A'), choose('n'), back, choose('A'), choose('n'), choose('B')], {
      questions,
    });
    expect(names).toEqual(['from', 'note', 'to', 'from', 'note', 'to']);
  });

  it('keeps what the flow wants to keep', async () => {
    const history = {
      takeBack: (earlier: Trip, later: Trip): Trip => ({ ...earlier, defaults: [later.from ?? ''] }),
      between: () => [],
    };
    const { prompts } = await run([choose('A'), back, choose('C'), choose('B')], { history });
    expect(prompts[2]).toMatchObject({ name: 'from', lines: ['A'] });
  });

  it('takes a reply that answered several questions back one by one', async () => {
    const questions = [
      question('from', { answer: (trip) => ({ ...trip, from: 'A', to: 'B', note: 'n' }) }),
      question('to'),
      question('note'),
      question('note', {
        id: 'end',
        isOpen: ({ defaults }) => defaults === undefined,
        answer: (trip) => ({ ...trip, defaults: [] }),
      }),
    ];
    const history = {
      takeBack: (earlier: Trip) => earlier,
      between: (): Trip[] => [{ from: 'A' }, { from: 'A', to: 'B' }],
    };
    const replies = [choose('all'), back, back, back, choose('all'), choose('x')];
    const { names, final } = await run(replies, { questions, history });
    expect(names).toEqual(['from', 'note', 'note', 'to', 'from', 'note']);
    expect(final).toMatchObject({ from: 'A', to: 'B', note: 'n' });
  });
});

describe('a resource', () => {
  const loads: string[] = [];
  const released: unknown[] = [];
  const fare = (more: Partial<Resource<Trip>> = {}): Resource<Trip> => ({
    id: 'fare',
    key: ({ from }) => (from === undefined ? null : [from]),
    load: async ({ from = '' }) => {
      loads.push(from);
      return { fare: from.length };
    },
    release: async ({ fare: price }) => void released.push(price),
    ...more,
  });
  const clear = (): void => void [loads, released].forEach((list) => (list.length = 0));

  it('is loaded once its inputs are known, and is in the final state', async () => {
    clear();
    const { final } = await run([choose('A'), choose('B')], { resources: [fare()] });
    expect(final).toEqual({ from: 'A', to: 'B', fare: 1 });
    expect([loads, released]).toEqual([['A'], []]);
  });

  it('is dropped when an answer is taken back, and loaded again when it is given again', async () => {
    clear();
    const { final } = await run([choose('A'), back, choose('long'), choose('B')], { resources: [fare()] });
    expect(final).toMatchObject({ fare: 4 });
    expect([loads, released]).toEqual([['A', 'long'], [1]]);
  });

  it('is released when the flow is left, or fails', async () => {
    clear();
    await run([choose('A'), back, back], { resources: [fare()], canLeave: true });
    expect(released).toEqual([1]);
    clear();
    await expect(run([choose('A'), { type: 'cancel' }], { resources: [fare()] })).rejects.toThrow();
    expect(released).toEqual([1]);
  });

  it('loads beside the next question, and is awaited where a question depends on it', async () => {
    let finish: (trip: Trip) => void = () => undefined;
    const slow = fare({ load: () => new Promise((resolve) => (finish = resolve)) });
    const beside = run([choose('A'), choose('B')], { resources: [slow] });
    await new Promise((resolve) => setImmediate(resolve));
    finish({ fare: 7 });
    expect((await beside).final).toMatchObject({ fare: 7 });
    const seen: (number | undefined)[] = [];
    const note = question('note', {
      after: ['fare'],
      isOpen: (trip) => {
        seen.push(trip.fare);
        return false;
      },
    });
    await run([choose('A'), choose('B')], {
      questions: [question('from'), note, question('to')],
      resources: [fare()],
    });
    expect(seen).not.toContain(undefined);
  });

  it('that fails ends the flow with its error', async () => {
    const broken = fare({ load: async () => Promise.reject(new Error('no fares today')) });
    await expect(run([choose('A'), choose('B')], { resources: [broken] })).rejects.toThrow('no fares today');
  });

  it('aborts the load of an input that changed', async () => {
    const aborted: string[] = [];
    const slow = fare({
      load: ({ from = '' }, stop) =>
        new Promise((resolve) => {
          if (from === 'long') resolve({ fare: 4 });
          stop.addEventListener('abort', () => {
            aborted.push(from);
            resolve({ fare: 1 });
          });
        }),
    });
    const { final } = await run([choose('A'), back, choose('long'), choose('B')], { resources: [slow] });
    expect(final).toMatchObject({ fare: 4 });
    expect(aborted).toEqual(['A']);
  });
});
