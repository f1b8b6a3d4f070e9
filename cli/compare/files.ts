import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Assignment, AdAccount } from '../../shared/compare/rows.ts';
import { AnchorwatchError } from '../../shared/errors.ts';
import { type AdAnchor, readAdFile } from '../../shared/rosters/files/ad.ts';
import { type EntraFileUser, readEntraFile } from '../../shared/rosters/files/entra.ts';
import { readOktaFile } from '../../shared/rosters/files/okta.ts';
import type { FileRead, JoinKey } from '../../shared/rosters/files/read.ts';

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
    entra: readEntraFile(await bytesOf(choices.entra, cwd), choices.entra, { join }),
    okta: okta === undefined ? null : readOktaFile(await bytesOf(okta, cwd), okta),
  };
}

async function bytesOf(file: string, cwd: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, file));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new AnchorwatchError('invalid', `${file} cannot be read: ${why}.`);
  }
}

/** Sentences about the files that whoever reads the report must know, the bad rows first. */
export function remarksOn(files: Files): string[] {
  const reads = [files.ad, files.entra, ...(files.okta === null ? [] : [files.okta])];
  const rejected = reads.flatMap((read) => read.rejected);
  const shown = rejected.slice(0, SHOWN).map(({ file, row, unit, column, reason }) => {
    return `  ${file}, ${unit} ${row}${column === null ? '' : `, column ${column}`}: ${reason}`;
  });
  const more = rejected.length > SHOWN ? [`  … and ${rejected.length - SHOWN} more`] : [];
  const head = rejected.length === 0 ? [] : [`${rejected.length} rows could not be read and were left out:`];
  return [...head, ...shown, ...more, ...reads.flatMap(({ file, notes }) => notes.map((note) => `${file}: ${note}`))];
}

const SHOWN = 50;
