/** KataGo's commands for rules: as a name or as JSON with KataGo's fields. */
import { RULE_SETS, parseRules } from '../../../engine/rules.ts';
import type { HandicapBonus, KoRule, Rules } from '../../../engine/types.ts';
import { GtpError } from '../gtpError.ts';
import { taxOf } from '../tax.ts';
import type { Handler } from './handler.ts';

const KO_NAMES: Record<KoRule, string> = {
  simple: 'SIMPLE',
  positional: 'POSITIONAL',
  situational: 'SITUATIONAL',
};
const BONUS_NAMES: Record<HandicapBonus, string> = { none: '0', stones: 'N', 'stones-minus-one': 'N-1' };

/** How much of a user's text an error message repeats. */
const QUOTED_LENGTH = 40;

/** The one rule set of KataGo's that counts every stone as alive after two passes. */
const UNFRIENDLY_RULES = 'tromp-taylor';

interface RuleSet {
  readonly rules: Rules;
  readonly friendlyPass: boolean;
}

/** KataGo's one line of JSON. */
const makeJson = ({ rules, friendlyPass }: RuleSet): string =>
  JSON.stringify({
    friendlyPassOk: friendlyPass,
    hasButton: false,
    ko: KO_NAMES[rules.ko],
    scoring: rules.scoring.toUpperCase(),
    suicide: rules.suicide,
    tax: taxOf(rules),
    whiteHandicapBonus: BONUS_NAMES[rules.handicapBonus],
  });

const fail = (what: string): never => {
  throw new GtpError(`unsupported rules: ${what}`);
};

const keyOf = <K extends string>(names: Record<K, string>, what: string, name: unknown): K => {
  const key = (Object.keys(names) as K[]).find(candidate => names[candidate] === name);
  return key ?? fail(`${what} must be one of ${Object.values(names).join(', ')}`);
};

const readBoolean = (what: string, value: unknown): boolean =>
  typeof value === 'boolean' ? value : fail(`${what} must be true or false`);

/** Changes `old` by the fields of a JSON object. @throws GtpError naming the first field that is unknown or out of range */
const applyJson = (old: RuleSet, text: string): RuleSet => {
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch {
    return fail('not valid JSON');
  }
  let { rules, friendlyPass } = old;
  let tax: unknown;
  for (const [field, value] of Object.entries(fields as Record<string, unknown>)) {
    if (field === 'ko') rules = { ...rules, ko: keyOf(KO_NAMES, field, value) };
    else if (field === 'scoring')
      rules = { ...rules, scoring: keyOf({ area: 'AREA', territory: 'TERRITORY' }, field, value) };
    else if (field === 'suicide') rules = { ...rules, suicide: readBoolean(field, value) };
    else if (field === 'whiteHandicapBonus')
      rules = { ...rules, handicapBonus: keyOf(BONUS_NAMES, field, value) };
    else if (field === 'friendlyPassOk') friendlyPass = readBoolean(field, value);
    else if (field === 'tax') tax = value;
    else if (field !== 'hasButton') fail(`unknown field ${JSON.stringify(field.slice(0, QUOTED_LENGTH))}`);
    else if (value !== false) fail('hasButton must be false');
  }
  if (tax !== undefined && tax !== taxOf(rules)) fail(`tax must be ${taxOf(rules)} with this scoring`);
  return { rules, friendlyPass };
};

const applyName = (name: string): RuleSet => {
  const rules = parseRules(name);
  if (!rules)
    return fail(
      `${JSON.stringify(name.slice(0, QUOTED_LENGTH))} is none of ${Object.keys(RULE_SETS).join(', ')}`,
    );
  return { rules, friendlyPass: rules !== RULE_SETS[UNFRIENDLY_RULES] };
};

/** KGS's names for its rules. */
const KGS_RULES: Readonly<Record<string, string>> = {
  chinese: 'chinese-kgs',
  aga: 'aga',
  japanese: 'japanese',
  new_zealand: 'new-zealand',
};

export const rulesHandlers: Record<string, Handler> = {
  'kgs-rules': ({ engine }, [name = '']) => {
    const key = name.toLowerCase();
    if (!Object.hasOwn(KGS_RULES, key))
      throw new GtpError(`unsupported rules: one of ${Object.keys(KGS_RULES).join(', ')}`);
    const { rules, friendlyPass } = applyName(KGS_RULES[key]);
    engine.setRules(rules, friendlyPass);
  },
  /** `kata-set-rule KEY VALUE`: one field of the rules. */
  'kata-set-rule': ({ engine }, [key, value]) => {
    if (key === undefined || value === undefined) throw new GtpError('syntax error');
    const old = { rules: engine.game.rules, friendlyPass: engine.friendlyPass };
    const json = value === 'true' || value === 'false' ? value : JSON.stringify(value);
    const { rules, friendlyPass } = applyJson(old, `{${JSON.stringify(key)}:${json}}`);
    engine.setRules(rules, friendlyPass);
  },
  'kata-get-rules': ({ engine }) => makeJson({ rules: engine.game.rules, friendlyPass: engine.friendlyPass }),
  'kata-set-rules': ({ engine }, args) => {
    const text = args.join(' ');
    if (text === '') throw new GtpError('syntax error');
    const old = { rules: engine.game.rules, friendlyPass: engine.friendlyPass };
    const { rules, friendlyPass } = text.startsWith('{') ? applyJson(old, text) : applyName(text);
    engine.setRules(rules, friendlyPass);
  },
};
