import type { AnchorForm } from '../../../shared/anchor/forms.ts';
import { bigEndian, guidText } from '../ids.ts';
import type { Maker } from './maker.ts';
import { anchorOf, type WholePerson, withAccount, withAnchors } from './person.ts';

type Spell = (bytes: Buffer, person: WholePerson) => string;

/** How scripts and recipes outside the official ones write the same GUID, or something else in its place. */
const SPELLINGS = {
  'big-endian': (bytes) => bigEndian(bytes).toString('base64'),
  guid: (bytes) => guidText(bytes),
  'guid-braces': (bytes) => `{${guidText(bytes).toUpperCase()}}`,
  'base64-of-guid-text': (bytes) => Buffer.from(guidText(bytes)).toString('base64'),
  hex: (bytes) => bytes.toString('hex'),
  'hex-escaped': (bytes) => bytes.toString('hex').replaceAll(/../g, String.raw`\$&`),
  'base64-unpadded': (bytes) => bytes.toString('base64').replaceAll('=', ''),
  base64url: (bytes) => bytes.toString('base64url'),
  'base64-stray-bits': (bytes) => strayBits(bytes.toString('base64')),
  name: (_, person) => person.entra.userName,
  'okta-user-id': (_, person) => person.okta.id,
} satisfies Readonly<Partial<Record<AnchorForm, Spell>>>;

export type Spelling = keyof typeof SPELLINGS;

export const SPELLING_NAMES = [
  'big-endian',
  'guid',
  'guid-braces',
  'base64-of-guid-text',
  'hex',
  'hex-escaped',
  'base64-unpadded',
  'base64url',
  'base64-stray-bits',
  'name',
  'okta-user-id',
] as const satisfies readonly Spelling[];

export function spell(person: WholePerson, spelling: Spelling): string {
  return SPELLINGS[spelling](Buffer.from(anchorOf(person), 'base64'), person);
}

/** A user name in the anchor's place is also the value of an AD attribute, by the name that the app user's profile gives it. */
function insteadOf(spelling: Spelling): { readonly instead?: string } {
  return spelling === 'name' ? { instead: 'userPrincipalName' } : {};
}

/** Entra alone holds another spelling: to Entra another anchor, so the person cannot sign in. */
export function entraRespelled(make: Maker, spelling: Spelling, person: WholePerson = spellable(make, spelling)): void {
  const a = anchorOf(person);
  make.plant(withAnchors(person, { a, o: a, e: spell(person, spelling) }), {
    kind: `entra holds ${spelling}`,
    verdict: 'entra-stale',
    row: 2,
    impact: 'cannot sign in',
    encoding: spelling,
    ...insteadOf(spelling),
  });
}

/** Okta and Entra agree on another spelling: signing in works, groups do not, until the next push. */
export function bothRespelled(make: Maker, spelling: Spelling): void {
  const person = spellable(make, spelling);
  const other = spell(person, spelling);
  make.plant(withAnchors(person, { a: anchorOf(person), o: other, e: other }), {
    kind: `both hold ${spelling}`,
    verdict: 'both-stale',
    row: 3,
    impact: 'groups only',
    encoding: spelling,
    ...insteadOf(spelling),
  });
}

export const CONSISTENCY_GUID = 'mS-DS-ConsistencyGuid';

/** Entra holds another attribute of the AD account in the anchor's place. */
export function attributeInstead(make: Maker, person: WholePerson = make.person()): void {
  const consistencyGuid = make.anchor();
  const a = anchorOf(person);
  make.plant(withAnchors(withAccount(person, { consistencyGuid }), { a, o: a, e: consistencyGuid }), {
    kind: 'attribute-instead',
    verdict: 'entra-stale',
    row: 2,
    impact: 'cannot sign in',
    instead: CONSISTENCY_GUID,
  });
}

/** Only anchors with a plus sign or a slash look different in the URL-safe alphabet. */
function spellable(make: Maker, spelling: Spelling): WholePerson {
  const person = make.person();
  return spelling !== 'base64url' || /[+/]/.test(anchorOf(person)) ? person : spellable(make, spelling);
}

/** The last letter before the padding carries four bits that mean nothing: decoders differ in whether they mind them. */
function strayBits(base64: string): string {
  const next: Readonly<Record<string, string>> = { A: 'B', Q: 'R', g: 'h', w: 'x' };
  return `${base64.slice(0, 21)}${next[base64.charAt(21)] ?? 'B'}==`;
}
