import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { ProofOfWork } from '../../../../server/http/limits/proof-of-work.ts';

/** The first number that is a solution, or with `isWrong` the first that is none. */
function solve(challenge: string, { isWrong = false } = {}): string {
  const bits = Number(challenge.split('.')[0]);
  for (let number = 0; ; number += 1) {
    const solution = `${challenge}:${number}`;
    const zeros = createHash('sha256').update(solution).digest().readUInt32BE() >>> (32 - bits) === 0;
    if (zeros !== isWrong) return solution;
  }
}

test('a solution is accepted once', () => {
  const proof = new ProofOfWork();
  const solution = solve(proof.challenge());
  expect(proof.accept(solution)).toBe(true);
  expect(proof.accept(solution)).toBe(false);
  expect(proof.accept(solve(proof.challenge()))).toBe(true);
});

test('a header of other letters than a solution has is not accepted', () => {
  expect(new ProofOfWork().accept(`14.a.b.${'a'.repeat(21)}é:1`)).toBe(false);
});

test('what is no solution of an open challenge is not accepted', () => {
  const clock = { now: 1_000_000 };
  const proof = new ProofOfWork({ bits: 6, now: () => clock.now });
  const challenge = proof.challenge();
  expect(proof.accept(solve(challenge, { isWrong: true }))).toBe(false);
  expect(proof.accept(solve(new ProofOfWork({ bits: 6 }).challenge()))).toBe(false);
  expect(proof.accept(solve(challenge.replace(/^6/, '1')))).toBe(false);
  for (const rubbish of [undefined, '', ':', '...:', ['a'], 'x'.repeat(10_000), `${challenge}é:1`])
    expect(proof.accept(rubbish)).toBe(false);
  clock.now += 121_000;
  expect(proof.accept(solve(challenge))).toBe(false);
});
