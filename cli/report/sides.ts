import type { Side } from '../../shared/plan/sides.ts';
import { wrap } from '../../shared/notify/wrap.ts';
import { plain } from './safe.ts';
import { tableLines } from './sheet.ts';

const COLUMNS = ['what', 'Active Directory', 'Entra ID'];

/** Both accounts of each person side by side, however narrow the terminal: a table of three columns for each. */
export function sidesText(sides: readonly Side[], width: number): string {
  const people = [...Map.groupBy(sides, ({ userName }) => userName)];
  const blocks = people.map(([userName, facts]) => {
    const rows = facts.map(({ what, directory, entra }) => [what, directory, entra]);
    return [...wrap(plain(userName), width), ...tableLines(COLUMNS, rows, width)];
  });
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
