import { MINUTE } from '../../shared/time.ts';
import { type Bucket, imposedTime } from './imposed.ts';

const TENANTS = [1_000, 10_000, 100_000, 1_000_000] as const;
/** Okta's usual bucket for everything under `/api/v1/apps`, and the part of it that is one service app's unless it is raised. */
const APPS = { limit: 100, window: MINUTE } as const;
const SHARES = [0.25, 0.4, 0.5, 0.75] as const;
/** Rows of a page of each kind of list. */
const PAGE = { okta: 500, graph: 999 } as const;
/** What a page takes at Okta, roughly: those of a window are asked one after another. */
const ROUND_TRIP = 220;

/** What Okta's limit means for a tenant, by the share of the whole bucket that a scan may take: in Markdown, for docs/performance.md. */
export function limitsTable(): string {
  const head = ['people', 'Okta pages', 'Graph pages', ...SHARES.map((share) => `${100 * share} % of the bucket`)];
  const rows = TENANTS.map((people) => {
    const okta = 2 * Math.ceil(people / PAGE.okta);
    const minutes = SHARES.map((share) => minutesOf(okta, { ...APPS, share }));
    const graph = Math.ceil(people / PAGE.graph);
    return [people.toLocaleString('en-GB'), String(okta), String(graph), ...minutes];
  });
  return [line(head), line(head.map(() => '--:')), ...rows.map(line)].join('\n');
}

export function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function minutesOf(calls: number, bucket: Bucket): string {
  return `${(imposedTime(calls, bucket, ROUND_TRIP) / MINUTE).toFixed(1)} min`;
}
