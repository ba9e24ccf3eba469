/**
 * The rules of a query: a name or an object with KataGo's fields. What this engine does not know becomes the nearest that it
 * does, with a warning, as KataGo does for networks that do not know some rules.
 */
import { RULE_SETS, parseRules } from '../../engine/rules.ts';
import type { HandicapBonus, KoRule, Rules } from '../../engine/types.ts';
import { taxOf } from '../gtp/tax.ts';
import { isFields, type Fields } from './fields.ts';
import { QueryError } from './queryError.ts';

/** Rules, and how players end a game under them. */
export interface QueryRules {
  readonly rules: Rules;
  /** As {@link SearchParameters.friendlyPass}. */
  readonly friendlyPass: boolean;
  /** Komi unless a query gives one. */
  readonly komi: number;
  /** What was asked for and is not played, in words; undefined if all is. */
  readonly warning: string | undefined;
}

const KO_RULES: Readonly<Record<string, KoRule>> = {
  SIMPLE: 'simple',
  POSITIONAL: 'positional',
  SITUATIONAL: 'situational',
};

const BONUSES: Readonly<Record<string, HandicapBonus>> = {
  '0': 'none',
  N: 'stones',
  'N-1': 'stones-minus-one',
};

/** Names whose rules differ from a known set in what this engine leaves out: Black's last point, a tax on groups. */
const NEAREST: Readonly<Record<string, keyof typeof RULE_SETS>> = {
  'stone-scoring': 'chinese',
  'ancient-territory': 'japanese',
  'ancient-area': 'chinese',
  'aga-button': 'aga',
};

/** Komi as KataGo guesses it. */
const komiOf = ({ scoring }: Rules): number => (scoring === 'territory' ? 6.5 : 7.5);

/** @throws QueryError naming the field `rules` */
export const readRules = ({ rules: value }: Fields): QueryRules => {
  if (typeof value === 'string') {
    const text = value.trim();
    if (!text.startsWith('{')) return fromName(text);
    try {
      return fromObject(JSON.parse(text), text);
    } catch (error) {
      if (error instanceof QueryError) throw error;
      throw unreadable(text);
    }
  }
  if (isFields(value)) return fromObject(value, JSON.stringify(value));
  throw new QueryError(
    'rules',
    'Must specify rules string, such as "chinese" or "tromp-taylor", or a JSON object with detailed rules parameters.',
  );
};

/** The field `whiteHandicapBonus`. @returns undefined if it is not there */
export const readHandicapBonus = ({ whiteHandicapBonus: value }: Fields): HandicapBonus | undefined => {
  if (value === undefined) return undefined;
  const bonus = BONUSES[nameOf(value)];
  if (bonus === undefined) throw new QueryError('whiteHandicapBonus', 'Must be one of 0, N, N-1');
  return bonus;
};

/** JSON has some names as numbers and flags. */
const nameOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'object' ? '' : JSON.stringify(value);

const unreadable = (text: string): QueryError => new QueryError('rules', `Could not parse rules: ${text}`);

const fromName = (name: string): QueryRules => {
  const known = parseRules(name);
  const nearest = NEAREST[name.toLowerCase().replace(/[_ ]/g, '-')];
  const rules = known ?? (nearest && RULE_SETS[nearest]);
  if (!rules) throw unreadable(name);
  return {
    rules,
    friendlyPass: rules !== RULE_SETS['tromp-taylor'],
    komi: komiOf(rules),
    warning: known ? undefined : `Rules ${name} not supported, using ${nearest} instead`,
  };
};

const fromObject = (fields: Fields, text: string): QueryRules => {
  const pick = <T>(name: string, table: Readonly<Record<string, T>>, otherwise: T): T => {
    const value = fields[name];
    if (value === undefined) return otherwise;
    const key = nameOf(value);
    if (!Object.hasOwn(table, key)) throw unreadable(text);
    return table[key];
  };
  const flags = { true: true, false: false };
  // What is left out is as in Tromp-Taylor rules, as KataGo reads it.
  const rules: Rules = {
    ko: pick('ko', KO_RULES, 'positional'),
    scoring: pick('scoring', { AREA: 'area', TERRITORY: 'territory' }, 'area'),
    suicide: pick('suicide', flags, true),
    handicapBonus: pick('whiteHandicapBonus', BONUSES, 'none'),
  };
  const tax = pick('tax', { NONE: 'NONE', SEKI: 'SEKI', ALL: 'ALL' }, taxOf(rules));
  const hasButton = pick('hasButton', flags, false);
  const ignored = [
    ...(tax === taxOf(rules) ? [] : [`tax ${tax} (using ${taxOf(rules)})`]),
    ...(hasButton ? ['hasButton (using none)'] : []),
  ];
  return {
    rules,
    friendlyPass: pick('friendlyPassOk', flags, false),
    komi: komiOf(rules),
    warning: ignored.length > 0 ? `Rules not supported: ${ignored.join(', ')}` : undefined,
  };
};
