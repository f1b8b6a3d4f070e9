import type { Instant } from '../../../shared/time.ts';
import { diceOf } from '../dice.ts';
import { type ImportPlan, type ImportSchedule, importCarrying } from '../okta/imports.ts';
import { Agenda } from '../agenda.ts';
import { emptyRosters, type State } from '../state.ts';
import { Windows } from '../windows.ts';
import type { Switches } from '../switches.ts';
import { type CausePlan, plantCause } from './causes.ts';
import { type ChurnPlan, type Happening, plantChurn } from './churn.ts';
import { foundCompany } from './company.ts';
import { twinsOf } from './company-groups.ts';
import type { Company, CompanyPlan } from './company-plan.ts';
import type { AnswerKey, KeyCause, KeyEntry } from './key.ts';
import { Maker } from './maker.ts';
import { type PlantCounts, plantAll } from './plants.ts';

export interface Plan extends CompanyPlan {
  readonly switches: Switches;
  readonly replicaLag: number;
  /** Okta users with whom the world begins; planted people are among them, however many those are. */
  readonly people: number;
  readonly plants: PlantCounts;
  readonly causes: readonly CausePlan[];
  readonly churn: readonly ChurnPlan[];
  /** `onPremisesSyncEnabled` of people who are assigned. */
  readonly synced: boolean | null;
  /** By the name of the directory. */
  readonly importsOf: (directory: string) => ImportPlan;
}

export interface Generated {
  readonly state: State;
  readonly company: Company;
  readonly imports: readonly ImportSchedule[];
  readonly answerKey: AnswerKey;
}

/** The company and its people: first those planted, then healthy ones until there are enough. Takes time in proportion to the people. */
export function generate(plan: Plan): Generated {
  const company = foundCompany(plan);
  const state = stateOf(company, plan);
  const make = new Maker(diceOf(`${plan.seed} people`), company, state, plan.start, plan.synced);
  plantAll(make, plan.plants);
  const causes = plan.causes.map((cause) => plantCause(make, cause));
  const imports = company.directories.map(({ app, name }) => ({ app, label: name, ...plan.importsOf(name) }));
  const arrival = (app: string, changed: Instant): Instant | null => {
    const schedule = imports.find((one) => one.app === app);
    return schedule === undefined ? null : (importCarrying(schedule, changed)?.ended ?? null);
  };
  const happenings = plan.churn
    .flatMap((churn) => plantChurn(make, state, churn, arrival))
    .sort((one, other) => one.at - other.at);
  for (let count = state.oktaUsers.size(plan.start); count < plan.people; count++) make.add(make.person());
  const answerKey = answerKeyOf(state, make.entries, causes, happenings, plan.start);
  for (const { at, happen } of happenings) state.agenda.add(at, happen);
  return { state, company, imports, answerKey };
}

function stateOf(company: Company, { switches, replicaLag }: Pick<Plan, 'switches' | 'replicaLag'>): State {
  const { records, org, tenant } = company;
  const twins = twinsOf(records.groups);
  return {
    switches,
    agenda: new Agenda(),
    events: [],
    touched: new Map(),
    replicaLag,
    joined: new Map(),
    anchored: new Map(),
    clicked: [],
    pauses: [],
    pending: [],
    mails: new Map(),
    mailRates: new Windows(),
    audits: [],
    auditRates: new Windows(),
    signIns: new Map(),
    ...emptyRosters(
      company.directories.map((directory) => directory.app),
      [...company.office365, company.inactiveOffice365],
      tenant.initialDomain,
    ),
    org,
    tenant,
    apps: new Map(records.apps.map((app) => [app.id, app])),
    groups: new Map(records.groups.map((group) => [group.id, group])),
    rules: new Map(records.rules.map((rule) => [rule.id, rule])),
    userTypes: new Map(records.userTypes.map((type) => [type.id, type])),
    mappings: new Map(records.mappings.map((mapping) => [mapping.id, mapping])),
    domains: new Map(records.domains.map((domain) => [domain.name, domain])),
    entraGroups: new Map([...records.entraGroups, ...twins.values()].map((group) => [group.id, group])),
    twins: new Map([...twins].map(([group, { id }]) => [group, id])),
  };
}

function answerKeyOf(
  state: State,
  entries: readonly KeyEntry[],
  causes: readonly KeyCause[],
  happenings: readonly Happening[],
  start: Instant,
): AnswerKey {
  const sizes = (rosters: ReadonlyMap<string, { size(asOf: Instant): number }>) =>
    Object.fromEntries([...rosters].map(([app, roster]) => [app, roster.size(start)]));
  const people = state.oktaUsers.size(start);
  return {
    entries,
    changes: happenings.flatMap(({ change }) => change ?? []),
    causes,
    healthy: people - entries.filter((entry) => entry.oktaUser !== null).length,
    rows: {
      directories: sizes(state.directories),
      assignments: sizes(state.assignments),
      entraUsers: state.entraUsers.size(start),
      agents: entries.filter((entry) => entry.outside.includes('agent')).length,
      deletedUsers: state.deletedUsers.size(start),
    },
  };
}
