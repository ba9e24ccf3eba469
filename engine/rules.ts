/**
 * The rule sets players and servers name, as KataGo defines them (cpp/game/rules.cpp), less "button" and "tax", which no
 * server uses. `tolerant` names: underscores and blanks count as hyphens, case does not matter.
 */
import type { Rules } from './types.ts';

const TROMP_TAYLOR: Rules = { ko: 'positional', scoring: 'area', suicide: true, handicapBonus: 'none' };
const CHINESE: Rules = { ko: 'simple', scoring: 'area', suicide: false, handicapBonus: 'stones' };
const JAPANESE: Rules = { ko: 'simple', scoring: 'territory', suicide: false, handicapBonus: 'none' };
const AGA: Rules = { ko: 'situational', scoring: 'area', suicide: false, handicapBonus: 'stones-minus-one' };
const NEW_ZEALAND: Rules = { ko: 'situational', scoring: 'area', suicide: true, handicapBonus: 'none' };

export const RULE_SETS = {
  'tromp-taylor': TROMP_TAYLOR,
  chinese: CHINESE,
  'chinese-ogs': { ...CHINESE, ko: 'positional' },
  'chinese-kgs': { ...CHINESE, ko: 'positional' },
  japanese: JAPANESE,
  korean: JAPANESE,
  aga: AGA,
  bga: AGA,
  'new-zealand': NEW_ZEALAND,
} as const satisfies Record<string, Rules>;

export type RuleSetName = keyof typeof RULE_SETS;

/** Area scoring, positional superko, no suicide: what hane plays by until told otherwise (design.md section 4). */
export const DEFAULT_RULES: Rules = {
  ko: 'positional',
  scoring: 'area',
  suicide: false,
  handicapBonus: 'none',
};

/** The rule set of that name ("Chinese", "new_zealand", "Tromp Taylor"), or undefined; {@link RULE_SETS} has the names. */
export const parseRules = (name: string): Rules | undefined => {
  const key = name.trim().toLowerCase().replace(/[_ ]/g, '-');
  return Object.hasOwn(RULE_SETS, key) ? RULE_SETS[key as RuleSetName] : undefined;
};

/** Points White gets for `handicap` stones beyond komi; territory scoring gives none. */
export const handicapCompensation = (rules: Rules, handicap: number): number => {
  if (rules.scoring === 'territory' || rules.handicapBonus === 'none' || handicap < 2) return 0;
  return rules.handicapBonus === 'stones' ? handicap : handicap - 1;
};
