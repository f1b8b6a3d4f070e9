import { browse, pageToolsOf } from '../../tests/flows/page-night.ts';
import { nightOf } from '../../tests/flows/night.ts';
import { emptyTenant } from '../../tests/rosters/tenant.ts';
import { readStorageConfig } from '../../shared/config/read.ts';
import { stateTools } from '../../shared/wiring.ts';

/** The page of the findings, as a browser asks for it, by a function app that has just begun. */
const { tools } = nightOf(emptyTenant());
const kept = stateTools(readStorageConfig(process.env), tools.log);
const { body } = await browse(pageToolsOf({ tools: { ...tools, ...kept } }), 'findings');
process.stdout.write(`${body}\n`);
