/** The ways back to the earlier server after an update: it runs on the database that the present one has migrated. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Deployment } from './deployment.ts';
import { earlierBuild, presentBuild, startLane, type Lane } from './lane.ts';
import { expectAnswer, nextQuestions } from './scenario.ts';
import { spaceOwner } from './vendor-accounts.ts';

let lane: Lane;
beforeAll(async () => void (lane = await startLane()));
afterAll(() => lane?.close());

const serverFiles = ['Dockerfile', 'LICENSE', 'README.md', 'server.js', 'server.js.map'];

it('a revert in the Space’s git history restores the earlier server, and the conversation goes on', async () => {
  const deployment = await Deployment.byEarlierBuild(lane, {
    frontend: 'stream-with-mode',
    name: 'reverted',
  });
  const [beforeUpdate] = await deployment.owner.commits();
  await deployment.updateUnattended();
  await deployment.serverOf(presentBuild);
  expectAnswer(await deployment.page.ask(nextQuestions[0]));
  await deployment.storedMessages(4);

  // The earlier server does not know the value 0.1: its own table is what `auto` means there.
  await deployment.owner.setVariable('CHAT_RESPONSE_MODE', 'auto');
  await deployment.owner.revertTo(beforeUpdate?.id ?? '', serverFiles);

  await deployment.serverOf(earlierBuild);
  expectAnswer(await deployment.page.ask(nextQuestions[1]));
  expect(await deployment.storedMessages(6)).toHaveLength(6);
});

it('undo removes what was created and keeps the conversations, which go on when the earlier build deploys again', async () => {
  const deployment = await Deployment.byEarlierBuild(lane, { frontend: 'stream-with-mode', name: 'undone' });
  await deployment.updateUnattended();
  expectAnswer(await deployment.page.ask(nextQuestions[0]));
  await deployment.storedMessages(4);
  const { messages, projectVariables } = await deployment.holdings();

  const undone = await deployment.run(presentBuild, ['undo', '--space', deployment.space]);
  expect(undone.code, undone.output.slice(-3000)).toBe(0);
  await expect(deployment.owner.url()).rejects.toThrow('404');

  await deployment.deployWith(earlierBuild);
  await deployment.serverOf(earlierBuild);
  const after = await deployment.holdings();
  expect(after.messages).toEqual(expect.arrayContaining(messages));
  expect(after.projectVariables.map(({ key }) => key)).toEqual(
    expect.arrayContaining(projectVariables.map(({ key }) => key)),
  );
  expectAnswer(await deployment.page.ask(nextQuestions[1]));
  await deployment.storedMessages(6);
});

it('undo of a Space that the earlier build adopted restores the server that was there before', async () => {
  const space = 'ana/book-api';
  const original = await spaceOwner(lane.sandbox, space).contents();
  const deployment = await Deployment.byEarlierBuild(lane, { frontend: 'json', name: 'adopted', space });
  await deployment.updateUnattended();
  await deployment.serverOf(presentBuild);
  expectAnswer(await deployment.page.ask(nextQuestions[0]));
  await deployment.storedMessages(4);
  const { messages } = await deployment.holdings();

  const undone = await deployment.run(presentBuild, ['undo', '--space', deployment.space]);
  expect(undone.code, undone.output.slice(-3000)).toBe(0);

  expect(await deployment.owner.contents()).toEqual(original);
  expect((await deployment.holdings()).messages).toEqual(messages);
});
