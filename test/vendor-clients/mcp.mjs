import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deployInSandbox } from '../deploy-in-sandbox.mjs';

const run = promisify(execFile);
const timeout = 120_000;

/**
 * What an MCP server has to do whatever its tools are. The suite's other scenarios call tools, prompts and resources of its
 * own.
 */
const scenarios = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection'];

/** The scenario of DNS rebinding asks as a page of this machine, which no server of a book allows by itself. */
const ALLOWED_ORIGINS = 'http://127.0.0.1:*,http://localhost:*';

/** A deployment in the sandbox, by the wizard: the server with the sample book. Returns its address. */
export async function deployBook({ root, env }) {
  const state = mkdtempSync(join(tmpdir(), 'vendor-clients-'));
  const args = ['--space', 'ana/mcp-book', '--vercel-project', 'sample-book', '--no-frontend'];
  const last = await deployInSandbox({ root, env: { ...env, ALLOWED_ORIGINS }, state, args });
  assert.ok(last.deployment?.url, JSON.stringify(last));
  return last.deployment.url;
}

/** `@modelcontextprotocol/sdk`'s client, the conformance suite and the inspector's command line, unmodified, on our server. */
export function mcpChecks({ Client, StreamableHTTPClientTransport }, { url, prefix, node24 }) {
  const address = `${url}/mcp`;
  const program = (name) => join(prefix, 'node_modules/@modelcontextprotocol', name);
  const withClient = async (use) => {
    const client = new Client({ name: 'vendor-clients', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(address)));
    try {
      await use(client);
    } finally {
      await client.close();
    }
  };
  const inspect = async (...args) => {
    const cli = join(program('inspector'), 'clients/launcher/build/index.js');
    const { stdout } = await run(node24, [cli, '--cli', address, '--transport', 'http', ...args], {
      timeout,
    });
    return JSON.parse(stdout);
  };
  return [
    [
      'mcp sdk lists the tools, which only read',
      () =>
        withClient(async (client) => {
          const { tools } = await client.listTools();
          assert.deepEqual(tools.map(({ name }) => name).toSorted(), [
            'list_pages',
            'read_section',
            'search_book',
          ]);
          assert.ok(tools.every(({ annotations }) => annotations.readOnlyHint === true));
        }),
    ],
    [
      'mcp sdk searches, reads a section by id and by address, and every link is a page of the book',
      () =>
        withClient(async (client) => {
          const index = await (await fetch(`${url}/llms.txt`)).text();
          const query = 'How is the wind sensor mounted?';
          const match = await client.callTool({ name: 'search_book', arguments: { query, limit: 5 } });
          const { sections } = match.structuredContent;
          assert.ok(sections.length > 0);
          for (const { id, url: link } of sections) {
            assert.ok(index.includes(link.split('#')[0]), link);
            const byId = await client.callTool({ name: 'read_section', arguments: { id } });
            const byUrl = await client.callTool({ name: 'read_section', arguments: { url: link } });
            assert.ok(!byId.isError && !byUrl.isError, link);
          }
          const { structuredContent } = await client.callTool({ name: 'list_pages', arguments: {} });
          for (const { url: link } of structuredContent.pages) assert.ok(index.includes(link), link);
        }),
    ],
    [
      'mcp sdk reads every page as a resource in Markdown',
      () =>
        withClient(async (client) => {
          const { resources } = await client.listResources();
          assert.ok(resources.length > 5);
          for (const { uri } of resources.slice(0, 5)) {
            const { contents } = await client.readResource({ uri });
            assert.equal(contents[0].mimeType, 'text/markdown');
            assert.match(contents[0].text, /^# /);
          }
        }),
    ],
    ...scenarios.map((scenario) => [
      `mcp conformance suite: ${scenario}`,
      async () => {
        const cli = join(program('conformance'), 'dist/index.js');
        const results = mkdtempSync(join(tmpdir(), 'conformance-'));
        await run(node24, [cli, 'server', '--url', address, '--scenario', scenario], {
          cwd: results,
          timeout,
        });
      },
    ]),
    [
      'mcp inspector lists the tools and calls one',
      async () => {
        const { tools } = await inspect('--method', 'tools/list');
        assert.equal(tools.length, 3);
        const call = [
          '--method',
          'tools/call',
          '--tool-name',
          'search_book',
          '--tool-arg',
          'query=wind sensor',
        ];
        assert.ok((await inspect(...call)).structuredContent.sections.length > 0);
      },
    ],
  ];
}
