import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../wizard/cli.ts';
import { helpText } from '../../wizard/help.ts';
import { commands, type CommandName } from '../../wizard/model/command.ts';
import { commonFlags, flagTable } from '../../wizard/model/run/flags.ts';
import { Failure } from '../../wizard/model/failure.ts';

function refusal(...argv: string[]): string {
  try {
    parseArguments(argv);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.kind).toBe('usage');
    return `${error.message} ${error.remedy}`;
  }
  throw new Error(`accepted: ${argv.join(' ')}`);
}

describe('the command line', () => {
  it('deploys without a command word', () => {
    expect(parseArguments([])).toMatchObject({
      name: 'deploy',
      operands: [],
      flags: { yes: false, space: null },
    });
  });

  it('takes every flag', () => {
    const argv = 'plan --rehearse --yes --json --plain --env-file f --space ana/book --api-url https://a.b';
    const more =
      '--vercel-project p --vercel-team t --hosting vercel --hosting-project h --hosting-team u --frontend d --docs e --versions 1.0,2.x --locales all --enrich --no-index --no-frontend --browser';
    const site =
      '--frontend-variable API_URL --frontend-value https://a.b/api --write-frontend --wait-for-push --frontend-targets production,preview';
    const { name, flags } = parseArguments([...`${argv} ${more} ${site}`.split(' '), '--detailed-exit-code']);
    expect(name).toBe('plan');
    expect(flags).toEqual({
      rehearse: true,
      yes: true,
      json: true,
      plain: true,
      envFile: 'f',
      space: 'ana/book',
      apiUrl: 'https://a.b',
      vercelProject: 'p',
      vercelTeam: 't',
      hosting: 'vercel',
      hostingProject: 'h',
      hostingTeam: 'u',
      frontend: 'd',
      frontendVariable: 'API_URL',
      frontendValue: 'https://a.b/api',
      frontendTargets: 'production,preview',
      writeFrontend: true,
      waitForPush: true,
      docs: 'e',
      versions: '1.0,2.x',
      locales: 'all',
      enrich: true,
      noIndex: true,
      noFrontend: true,
      browser: true,
      create: [],
      changesFrom: null,
      llmsTxt: false,
      markdown: null,
      provider: null,
      verify: null,
      threshold: null,
      since: null,
      html: null,
      embed: false,
      olderThan: null,
      detailedExitCode: true,
      report: false,
    });
  });

  it.each([
    [['deplyo'], 'Did you mean deploy?'],
    [['versoin'], 'Did you mean version?'],
    [['--spce=a/b'], 'Did you mean --space?'],
    [['--rehears'], 'Did you mean --rehearse?'],
    [['-x'], 'Unknown flag: -x.'],
    [['--frontend-targets', 'production,staging'], '--frontend-targets does not fit.'],
    [['--space'], '--space needs a value.'],
    [['--space', '--yes'], '--space needs a value.'],
    [['--space', 'book'], 'OWNER/NAME'],
    [['--api-url', 'ftp://a'], 'https://'],
    [['--yes=no'], '--yes takes no value.'],
    [['index', '--no-index'], 'means nothing to index'],
    [['logs', '--no-index'], 'it belongs to deploy, plan.'],
    [['export'], 'export DIR'],
    [['status', '--rehearse'], 'leaves nothing'],
    [['plan', 'extra'], 'takes no further words'],
    [['deploy', '--detailed-exit-code'], 'belongs to plan'],
    [['deploy', '--verify', 'build'], 'belongs to index'],
    [['status', '--report'], 'belongs to doctor'],
    [['help', 'statsu'], 'Did you mean status?'],
    [['statsu', '--help'], 'Did you mean status?'],
  ])('%j is refused with what to do', (argv, words) => {
    expect(refusal(...argv)).toContain(words);
  });

  it('does not repeat what could be a key', () => {
    expect(refusal('hf_abcDEF123456')).not.toContain('abcDEF');
    expect(refusal('--hf_abcDEF123456')).not.toContain('abcDEF');
  });

  it('puts help and version before everything else', () => {
    expect(parseArguments(['--help'])).toMatchObject({ name: 'help', of: null });
    expect(parseArguments(['plan', '--help'])).toMatchObject({ name: 'help', of: 'plan' });
    expect(parseArguments(['help', 'index'])).toMatchObject({ name: 'help', of: 'index' });
    expect(parseArguments(['-v']).name).toBe('version');
  });
});

describe('the help text', () => {
  it('fits 80 columns and lists only commands that exist', () => {
    const text = helpText();
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    const listed = [
      ...(text.split('Commands\n')[1]?.split('\n\n')[0] ?? '').matchAll(/^ {2}([a-z]+)( [A-Z]+)?/gm),
    ];
    expect(listed.length).toBeGreaterThan(1);
    for (const [, name = '', operand] of listed) {
      const argv = operand === undefined ? [name] : [name, operand.trim()];
      expect(parseArguments(argv).name).toBe(name);
    }
  });

  it('of some command names each flag', () => {
    const ofSome = Object.values(commands).flatMap(({ flags }): readonly string[] => flags);
    expect(Object.keys(flagTable).sort()).toEqual([...new Set([...ofSome, ...commonFlags])].sort());
  });

  it.each(Object.keys(commands) as CommandName[])(
    'of %s fits, and names only flags that it takes',
    (name) => {
      const text = helpText(name);
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
      expect(text).toContain(commands[name].summary);
      const value = {
        space: 'ana/b',
        hosting: 'vercel',
        create: 'neon,qdrant',
        'api-url': 'https://a.b',
        'frontend-value': 'https://a.b',
        'frontend-targets': 'preview',
        provider: 'gitlab',
        since: '7d',
        'older-than': '7d',
      };
      for (const [, flag = '', placeholder] of text.matchAll(/^ {2}--([a-z-]+)( [A-Z]\S*)?/gm)) {
        if (flag === 'help') continue;
        const words = placeholder === undefined ? [] : [value[flag as keyof typeof value] ?? 'x'];
        const operand = commands[name].least > 0 ? ['DIR'] : [];
        expect(parseArguments([name, ...operand, `--${flag}`, ...words]).name, flag).toBe(name);
      }
    },
  );
});
