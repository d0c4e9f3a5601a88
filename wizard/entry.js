#!/usr/bin/env node
/*
 * What `npx rag-space-setup` starts. npx only warns of a Node that is too old, so this file is written for every Node:
 * ECMAScript 5, and no import that is read before the version is compared. build.mjs sets REQUIRED_NODE.
 */
(function () {
  var needed = REQUIRED_NODE.split('.').map(Number);
  var found = process.versions.node.split('.').map(Number);
  if (found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1])) {
    // A Node before 10 cannot parse `import()`, so it is no code of this file.
    // oxlint-disable-next-line no-eval
    eval('import("./wizard.js")');
    return;
  }
  var failure = {
    kind: 'usage',
    code: 'old-node',
    message:
      'rag-space-setup needs Node ' +
      REQUIRED_NODE +
      ' or newer; this is Node ' +
      process.versions.node +
      '.',
    remedy:
      'Install the newest LTS release from https://nodejs.org, or with a version manager: nvm install --lts.',
    service: null,
  };
  process.exitCode = 2;
  process.stderr.write(failure.message + '\n' + failure.remedy + '\n');
  if (process.argv.indexOf('--json') < 0) return;
  var event = {
    v: 1,
    type: 'run-finished',
    at: new Date().toISOString(),
    ok: false,
    exitCode: process.exitCode,
    failure: failure,
    deployment: null,
  };
  process.stdout.write(JSON.stringify(event) + '\n');
})();
