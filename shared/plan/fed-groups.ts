import { order } from '../compare/pair.ts';

/** An attribute of the profile that people have in Okta, where some user type lets them write it themselves. */
export interface EditableAttribute {
  readonly name: string;
  /**
   * `everybody`: Okta is the attribute's own source. `unsourced`: it comes from wherever the profile comes from, so that only people whose
   * profile has no source but Okta write it.
   */
  readonly by: 'everybody' | 'unsourced';
}

/** A group rule of Okta, as far as it says whom it puts into which groups. */
export interface FeedingRule {
  readonly id: string;
  readonly name: string;
  /** `ACTIVE`, `INACTIVE` or `INVALID` (Okta's OpenAPI, GroupRuleStatus). */
  readonly status: string;
  /** In Okta's expression language. */
  readonly expression: string;
  readonly groups: readonly string[];
}

/** A rule by which people can change for themselves who is in a group. */
export interface OpenFeed {
  readonly rule: FeedingRule;
  readonly group: string;
  /** What the rule asks for and people may edit, as the schema spells it, in the order of the alphabet. */
  readonly attributes: readonly EditableAttribute[];
  /** The expression asks for something in a way that is not understood. */
  readonly unclear: boolean;
}

/** What an expression asks of the person whom it is about. */
export interface Asked {
  /** Names of profile attributes, as they are written, each once. */
  readonly attributes: readonly string[];
  readonly unclear: boolean;
}

/** What is never an attribute that people edit: `getInternalProperty` (id, status, dates), groups, other people. */
const METHODS: ReadonlySet<string> = new Set(['getinternalproperty', 'ismemberof', 'getgroups', 'getlinkedobject']);

const TEXT = String.raw`"[^"]*"|'[^']*'`;

/** `user.name`, `user.profile.name`, `user?.name`, `user["name"]`, `user.method(`; or `user` alone, which is not understood. */
const PERSON = String.raw`\buser\b(?:\s*\??\.\s*profile\b(?=\s*\??[.[]))?(?:\s*\??\.\s*([A-Za-z_$][\w$]*)(\s*\()?|\s*\[\s*["']?([\w$]+)["']?\s*\])?`;

/**
 * Reads an expression as Okta's expression language, which is made after Spring's, writes it. Text in quotes names nothing; where a
 * backslash makes it unsure where a text ends, texts are read as well: a name too many does no harm, for it is no attribute.
 */
export function askedBy(expression: string): Asked {
  const pattern = expression.includes('\\') ? PERSON : `${TEXT}|${PERSON}`;
  const attributes = new Set<string>();
  let unclear = expression.trim() === '';
  for (const [found, name, call, key] of expression.matchAll(new RegExp(pattern, 'gi'))) {
    if (/^["']/.test(found)) continue;
    const asked = name ?? key;
    if (asked === undefined) unclear = true;
    else if (call === undefined) attributes.add(asked);
    else if (!METHODS.has(asked.toLowerCase())) unclear = true;
  }
  return { attributes: [...attributes], unclear };
}

/** The rules that put anybody into one of these groups now: a rule that is inactive or invalid feeds nobody. */
export function feeding<Rule extends FeedingRule>(rules: readonly Rule[], groups: readonly string[]): readonly Rule[] {
  return rules.filter(
    ({ status, groups: fed }) =>
      status !== 'INACTIVE' && status !== 'INVALID' && fed.some((group) => groups.includes(group)),
  );
}

/**
 * The rules by which people get themselves into one of these groups or out of it, in order. `sourced`: the profiles of everybody who may
 * be repaired come from a directory. Not followed: who is in a group for which a rule asks, and attributes of other people.
 */
export function openFeeds(
  groups: readonly string[],
  rules: readonly FeedingRule[],
  editable: readonly EditableAttribute[],
  sourced: boolean,
): readonly OpenFeed[] {
  const open = editable.filter(({ by }) => by === 'everybody' || !sourced);
  return groups.flatMap((group) =>
    feeding(rules, [group]).flatMap((rule) => {
      const { attributes, unclear } = askedBy(rule.expression);
      // The language tells no names apart that differ in case alone.
      const names = new Set(attributes.map((name) => name.toLowerCase()));
      const found = open.filter(({ name }) => names.has(name.toLowerCase()));
      if (found.length === 0 && !unclear) return [];
      return [{ rule, group, attributes: found.toSorted((one, other) => order(one.name, other.name)), unclear }];
    }),
  );
}
