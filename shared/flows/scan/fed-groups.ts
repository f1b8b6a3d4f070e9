import { AnchorwatchError, explain, kindOf } from '../../errors.ts';
import { askedBy, feeding, type OpenFeed, openFeeds } from '../../plan/fed-groups.ts';
import { MINUTE } from '../../time.ts';
import type { Tools } from '../tools.ts';
import { listed } from './listed.ts';
import type { Tenant } from './tenant.ts';

/** Longer than Okta takes for a few short lists. The run waits no longer: it repairs nobody by them. */
const LOOK = MINUTE;

/**
 * Rules that put people into the opted-in or the protected group by something that people may edit themselves: then who is repaired is
 * not the organisation's to say. What cannot be read is a warning too, never the end of a run. In mode observe the groups decide nothing.
 */
export async function fedGroupWarnings(tenant: Tenant, tools: Tools): Promise<readonly string[]> {
  const { okta, clock, log, settings } = tools;
  const { optedInGroup, protectedGroup } = settings.policy;
  const groups = [optedInGroup, protectedGroup].flatMap((group) => group ?? []);
  if (settings.mode === 'observe' || groups.length === 0) return [];
  const limit = clock.deadline(LOOK);
  try {
    const rules = await okta.rulesFeeding(groups, limit.signal);
    const asks = feeding(rules, groups).some(({ expression }) => askedBy(expression).attributes.length > 0);
    const editable = asks ? await okta.editableAttributes(tenant.office365, limit.signal) : [];
    return openFeeds(groups, rules, editable, tenant.profilesAreSourced).map((feed) =>
      sentence(feed, feed.group === optedInGroup ? OPTED_IN : PROTECTED),
    );
  } catch (error) {
    // A mistake of ours is an error in the log, and no reason to end a run either.
    const level = error instanceof AnchorwatchError ? 'warn' : 'error';
    log[level]('the rules of the opted-in and the protected group could not be checked', { reason: explain(error) });
    return [unchecked(error)];
  } finally {
    limit.end();
  }
}

const OPTED_IN = { called: 'opted-in', danger: 'so that they can opt themselves in' };
const PROTECTED = { called: 'protected', danger: 'so that they can leave its protection' };

function sentence({ rule, group, attributes }: OpenFeed, { called, danger }: typeof OPTED_IN): string {
  const feeds = `Okta’s group rule "${rule.name}" (${rule.id}) puts people into the ${called} group ${group}`;
  if (attributes.length === 0)
    return `${feeds} by an expression that Anchorwatch does not understand: see that it asks for nothing that people may edit themselves.`;
  const names = listed(attributes.map(({ name }) => name));
  const who = attributes.some(({ by }) => by === 'everybody')
    ? 'people'
    : 'people whose profile comes from no directory';
  const it = attributes.length === 1 ? 'it' : 'them';
  return `${feeds} by ${names}, which ${who} may edit themselves, ${danger}. Make ${it} read-only for users in Okta’s Profile Editor, or let the rule ask for something else.`;
}

function unchecked(error: unknown): string {
  const needs = kindOf(error) === 'denied' ? ', which takes Okta’s scopes okta.groups.read and okta.schemas.read' : '';
  return `Whether people can change by themselves who is opted in or protected could not be checked${needs}: ${explain(error)}`;
}
