/** Deployments of an earlier build are updated by the present one: nothing that readers or owners have is lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Deployment, type Holdings } from './deployment.ts';
import { presentBuild, startLane, type Lane } from './lane.ts';
import { expectAnswer, firstQuestion, frontends, nextQuestions, ownersChoice } from './scenario.ts';

let lane: Lane;
beforeAll(async () => void (lane = await startLane()));
afterAll(() => lane?.close());

const ways = [
  ['by hand', (deployment: Deployment) => deployment.updateByHand()],
  ['under --yes', (deployment: Deployment) => deployment.updateUnattended()],
] as const;

describe.each(ways)('updated %s', (way, update) => {
  it.each(frontends)('a frontend of the kind %s still answers, and nothing is lost', async (frontend) => {
    const name = `${frontend}-${way.replaceAll(/\W+/g, '')}`;
    const deployment = await Deployment.byEarlierBuild(lane, { frontend, name });
    const before = await deployment.holdings();
    const read = await deployment.storedMessages(2);
    const conversation = deployment.page.conversation;

    await update(deployment);

    await deployment.serverOf(presentBuild);
    expectNothingLost(before, await deployment.holdings());
    const reply = await deployment.page.ask(nextQuestions[0]);
    expectAnswer(reply);
    expect(deployment.page.conversation).toBe(conversation);
    expect(await deployment.promptFor(nextQuestions[0])).toContain(firstQuestion);
    expect((await deployment.storedMessages(4)).slice(0, 2)).toEqual(read);
    // A daily run would have begun with the question.
    const after = await deployment.holdings();
    expect(after.messages).toEqual(expect.arrayContaining(before.messages));
    expect(after.spaceVariables).not.toHaveProperty('CHAT_RETENTION_DAYS');
  });
});

function expectNothingLost(before: Holdings, after: Holdings): void {
  expect(after.messages).toEqual(expect.arrayContaining(before.messages));
  expect(after.projectVariables).toEqual(expect.arrayContaining(before.projectVariables));
  expect(after.spaceSecrets).toEqual(expect.arrayContaining(before.spaceSecrets));
  expect(after.spaceSecrets).toContain(ownersChoice.spaceSecret);
  expect(after.spaceVariables).toMatchObject(ownersChoice.spaceVariables);
  expect(Object.keys(after.spaceVariables)).toEqual(
    expect.arrayContaining(Object.keys(before.spaceVariables)),
  );
  const originsIn = ({ spaceVariables }: Holdings): string[] =>
    (spaceVariables['ALLOWED_ORIGINS'] ?? '').split(',');
  expect(originsIn(after)).toEqual(expect.arrayContaining(originsIn(before)));
  expect(originsIn(after)).toContain(ownersChoice.origin);
}
