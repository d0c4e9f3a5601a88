import { confirmChoice } from '../interview/confirm-choice.ts';
import { inputMissing } from '../interview/input-missing.ts';
import { flagTable } from '../model/run/flags.ts';
import type { Session } from '../model/runtime.ts';
import { readAccepted, rememberAccepted } from './accepted-settings.ts';
import { projectFileName } from './project-file.ts';
import { settingNames, settings, type SettingName, type SettingValues } from './settings.ts';

/** Up to here a limit of the file is not toConfirm about. */
const usualLimits: Partial<Record<SettingName, number>> = { dailyBudget: 300, perMinute: 300 };

/**
 * The settings that may be used. Targets that are new on this machine, and limits that are raised or delete, need the
 * user's consent, in one question, before any key is used. Where no one can be asked, targets have to be named on the
 * command line too, and such limits are left out.
 *
 * @throws Failure `input-missing` that lists the flags.
 */
export async function confirmSettings(session: Session, values: SettingValues): Promise<SettingValues> {
  const { runtime, flags, renderer, emit } = session;
  const accepted = await readAccepted(runtime.stateDir);
  const targets = namesOf(values).filter((name) => settings[name].kind === 'target');
  const isKnown = accepted.some((earlier) => targets.every((name) => earlier[name] === values[name]));
  const limits = namesOf(values).filter((name) => isRaised(name, values, accepted));
  const toConfirm = [...(isKnown ? [] : targets), ...limits];
  if (toConfirm.length === 0) return values;
  if (flags.yes || !renderer.canAsk) {
    if (!isKnown && targets.length > 0) throw notNamed(session, values, targets);
    for (const name of limits)
      emit({
        type: 'notice',
        code: 'project-limit-left',
        message: `${projectFileName} has ${settings[name].env}=${values[name]}, which is not used: no one accepted it here.`,
        remedy: `Set ${settings[name].env} in the environment to use it.`,
      });
    return without(values, limits);
  }
  const isAccepted = await confirmChoice(session, {
    title: `Use what ${projectFileName} names?`,
    lines: [
      ...toConfirm.map((name) => `${settings[name].label.padEnd(18)} ${values[name]}`),
      'Your keys are used there, and at their own vendors only.',
    ],
    yes: 'Yes, these are mine',
    no: 'No, leave the file out',
  });
  if (!isAccepted) return {};
  await rememberAccepted(runtime.stateDir, without(values, sources));
  return values;
}

const sources = settingNames.filter((name) => settings[name].kind === 'source');

function namesOf(values: SettingValues): SettingName[] {
  return settingNames.filter((name) => values[name] !== undefined);
}

function without(values: SettingValues, names: readonly SettingName[]): SettingValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name as SettingName)));
}

/** Whether a limit allows more than was accepted, or deletes otherwise than was accepted; 0 is no limit. */
function isRaised(name: SettingName, values: SettingValues, accepted: readonly SettingValues[]): boolean {
  if (settings[name].kind !== 'limit') return false;
  if (accepted.some((earlier) => earlier[name] === values[name])) return false;
  const allows = (text: string | undefined): number => Number(text) || Number.POSITIVE_INFINITY;
  const usual = usualLimits[name];
  return usual === undefined || allows(values[name]) > usual;
}

function notNamed(session: Session, values: SettingValues, names: readonly SettingName[]): Error {
  const missing = names.map((name) => {
    const flag = flagOf(name);
    return { name, flag, env: settings[name].env ?? flag ?? name };
  });
  const words = names.map((name) => {
    const flag = flagOf(name);
    return flag === null ? `${settings[name].env}=${values[name]}` : `${flag} ${values[name]}`;
  });
  return inputMissing(
    session,
    missing,
    `${projectFileName} names them, and no one accepted it on this machine. If they are yours, name them too: ${words.join(' ')}`,
  );
}

function flagOf(name: SettingName): string | null {
  const { flag } = settings[name];
  const word = flag?.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return word !== undefined && word in flagTable ? `--${word}` : null;
}
