import { isoTime } from '../../../shared/time.ts';
import type { OktaCall, OktaRoute } from './context.ts';
import { page } from './paging.ts';
import type { RuleRecord } from './records.ts';
import { notFound } from './refusal.ts';

const NEEDS = ['okta.groups.read', 'okta.groups.manage'];

export const ruleRoutes: readonly OktaRoute[] = [
  {
    method: 'GET',
    path: '/api/v1/groups/rules',
    query: ['limit', 'after'],
    needs: NEEDS,
    handle(call) {
      const rules = [...call.state.rules.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
      const list = {
        name: 'rules',
        usual: 50,
        most: 200,
        above: 'refuse',
        rows: (after: string | null) => rules.filter((rule) => after === null || rule.id > after),
        keyOf: (rule: RuleRecord) => rule.id,
      } as const;
      return page(call, list, ruleJson);
    },
  },
  {
    method: 'GET',
    path: '/api/v1/groups/rules/{rule}',
    query: [],
    needs: NEEDS,
    handle: (call) => ({ status: 200, body: ruleJson(theRule(call)) }),
  },
];

function theRule(call: OktaCall): RuleRecord {
  const id = call.parameters['rule'] ?? '';
  const rule = call.state.rules.get(id);
  if (rule === undefined) throw notFound(id, 'GroupRule');
  return rule;
}

function ruleJson(rule: RuleRecord) {
  return {
    type: 'group_rule',
    id: rule.id,
    status: rule.status,
    name: rule.name,
    created: isoTime(rule.created),
    lastUpdated: isoTime(rule.created),
    conditions: {
      people: { users: { exclude: rule.excludedUsers }, groups: { exclude: [] } },
      expression: { value: rule.expression, type: 'urn:okta:expression:1.0' },
    },
    actions: { assignUserToGroups: { groupIds: rule.groups } },
  };
}
