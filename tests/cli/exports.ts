import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Base64 of 16 bytes of a version 4 GUID that carry the number, and the GUID's text. */
export function anchorOf(number: number): string {
  return Buffer.from(guidBytes(number)).toString('base64');
}

export function guidOf(number: number): string {
  const hex = Buffer.from(guidBytes(number)).toString('hex');
  const octets = (...at: readonly number[]): string => at.map((one) => hex.slice(2 * one, 2 * one + 2)).join('');
  return [octets(3, 2, 1, 0), octets(5, 4), octets(7, 6), octets(8, 9), octets(10, 11, 12, 13, 14, 15)].join('-');
}

function guidBytes(number: number): Uint8Array {
  const bytes = Buffer.alloc(16, 0x5a);
  bytes.writeUInt32LE(number, 0);
  bytes[7] = 0x4a;
  return bytes;
}

export function nameOf(number: number): string {
  return `person${number}@contoso.com`;
}

/** Cells by column; what is not named is as for a healthy person of that number. */
export type Cells = Readonly<Record<string, string>>;

export function adRow(number: number, changes: Cells = {}): Cells {
  const [userName, samAccountName] = [nameOf(number), `person${number}`];
  return {
    ObjectGUID: guidOf(number),
    UserPrincipalName: userName,
    SamAccountName: samAccountName,
    mail: userName,
    'mS-DS-ConsistencyGuid': '',
    Enabled: 'True',
    ...changes,
  };
}

export function entraRow(number: number, changes: Cells = {}): Cells {
  return {
    Id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    UserPrincipalName: nameOf(number),
    OnPremisesImmutableId: anchorOf(number),
    Mail: nameOf(number),
    AccountEnabled: 'True',
    UserType: 'Member',
    IsLicensed: 'True',
    ...changes,
  };
}

export function oktaRow(number: number, changes: Cells = {}): Cells {
  return {
    id: `00u${String(number).padStart(17, 'x')}`,
    userName: nameOf(number),
    immutableId: anchorOf(number),
    status: 'PROVISIONED',
    scope: 'USER',
    syncState: 'SYNCHRONIZED',
    '_links.app.href': 'https://contoso.okta.com/api/v1/apps/0oaFirst',
    ...changes,
  };
}

/** Delimited text of rows that have the same columns. */
export function csv(rows: readonly Cells[]): string {
  return [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))].map(lineOf).join('\r\n');
}

function lineOf(cells: readonly string[]): string {
  return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',');
}

/** A folder with these files, for one test. */
export async function folder(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'anchorwatch-cli-'));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), content);
  return path;
}
