import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Assignment, AdAccount } from '../../shared/compare/rows.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { type AdAnchor, readAdFile } from '../../shared/rosters/files/ad.ts';
import { LARGEST_FILE, tooLarge } from '../../shared/rosters/files/decode.ts';
import { type EntraFileUser, readEntraFile } from '../../shared/rosters/files/entra.ts';
import { readOktaFile } from '../../shared/rosters/files/okta.ts';
import type { FileRead, JoinKey } from '../../shared/rosters/files/read.ts';
import type { Side } from './gaps.ts';

export interface Files {
  readonly ad: FileRead<AdAccount>;
  readonly entra: FileRead<EntraFileUser>;
  readonly okta: FileRead<Assignment> | null;
}

export interface FileChoices {
  readonly ad: string;
  readonly entra: string;
  readonly okta?: string | undefined;
  readonly join: JoinKey;
  readonly anchor: AdAnchor;
}

/** Reads and types the files. Throws `invalid`, naming the file, for one that is not there or is not what it should be. */
export async function readFiles(choices: FileChoices, cwd: string): Promise<Files> {
  const { join, anchor, okta } = choices;
  return {
    ad: readAdFile(await bytesOf(choices.ad, cwd), choices.ad, { anchor, join }),
    // With Okta the Entra account is found by the user name that Okta pushes, and the key is AD's alone.
    entra: readEntraFile(await bytesOf(choices.entra, cwd), choices.entra, okta === undefined ? { join } : {}),
    okta: okta === undefined ? null : readOktaFile(await bytesOf(okta, cwd), okta),
  };
}

async function bytesOf(file: string, cwd: string): Promise<Uint8Array> {
  try {
    await using handle = await open(resolve(cwd, file));
    return await readBounded(handle, file);
  } catch (error) {
    if (error instanceof AnchorwatchError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new AnchorwatchError('invalid', `${file} cannot be read: ${why}.`);
  }
}

/** What is too large is refused by its size, unread; a pipe or a device has none, and is refused where it passes the limit. */
async function readBounded(handle: FileHandle, file: string): Promise<Uint8Array> {
  const found = await handle.stat();
  if (found.size > LARGEST_FILE) throw tooLarge(file, `${found.size} bytes`);
  // In one piece, which a large export would otherwise be twice.
  if (found.isFile()) return handle.readFile();
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of handle.createReadStream({ autoClose: false })) {
    length += part.length;
    if (length > LARGEST_FILE) throw tooLarge(file, `more than ${LARGEST_FILE} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

/** The rows that were left out, each by file, row, column and reason: the first of them, and how many there are. */
export function rejectedRemarks(files: Files): string[] {
  const rejected = readsOf(files).flatMap((read) => read.rejected);
  if (rejected.length === 0) return [];
  const named = rejected.map(({ file, row, unit, column, reason }) => {
    return `${file}, ${unit} ${row}${column === null ? '' : `, column ${column}`}: ${reason}`;
  });
  const were = rejected.length === 1 ? 'row could not be read and was' : 'rows could not be read and were';
  return [`${rejected.length} ${were} left out:`, ...shownOf(named)];
}

/** The first lines of a list that may be long, and how many more there are. */
export function shownOf(lines: readonly string[]): string[] {
  const more = lines.length > SHOWN ? [`  … and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN).map((line) => `  ${line}`), ...more];
}

/** What the files say of themselves that whoever reads the report must know. */
export function noteRemarks(files: Files): string[] {
  return readsOf(files).flatMap(({ file, notes }) => notes.map((note) => `${file}: ${note}`));
}

/** Which files may be no more than a first page, and how to say that they are not. */
export function gapRemarks(files: Files, gaps: ReadonlySet<Side>): string[] {
  return (['ad', 'okta', 'entra'] as const).flatMap((side) => {
    const read = files[side];
    if (read === null || !gaps.has(side) || read.rejected.length > 0) return [];
    return [`${read.file} may be a first page only. If you have made sure that it holds everybody, say --complete.`];
  });
}

function readsOf({ ad, okta, entra }: Files): readonly FileRead<object>[] {
  return okta === null ? [ad, entra] : [ad, okta, entra];
}

const SHOWN = 50;
