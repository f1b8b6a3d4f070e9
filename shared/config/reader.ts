import { escapeControls } from '../controls.ts';
import { redact } from '../redact.ts';
import { type Environment, textOf } from './environment.ts';
import { unknownNames } from './names.ts';
import { configurationError, type Problem } from './problem.ts';
import type { DefaultedSetting, Setting } from './setting.ts';

/**
 * Reads settings one by one and keeps every problem, so that one error tells all of them. Ask for each setting once, and for those
 * too that the chosen way in does not use: what is wrong with them is wrong all the same.
 */
export interface SettingsReader {
  /** True when there is any text, right or wrong. */
  isSet(setting: Setting<unknown>): boolean;
  /** The value, or its default. A wrong value is a problem; the default then stands in until the error is thrown. */
  value<Value>(setting: DefaultedSetting<Value>): Value;
  /** Null when not set, or wrong (a problem). */
  optional<Value>(setting: Setting<Value>): Value | null;
  /** Null when wrong or not set, which both are problems. */
  required<Value>(setting: Setting<Value>): Value | null;
  /** A problem of several settings together. */
  report(problem: Problem): void;
  /** Hands on what was read. Throws all problems in one error if there are any; only then may the value be null. */
  finish<Value>(value: Value | null): Value;
}

const LONGEST_SHOWN = 40;

/** Copied with its quotes, it is a reference still, and Azure does not see it. */
const KEY_VAULT = /^["'\s]*@Microsoft\.KeyVault\(/i;

export function settingsReader(environment: Environment): SettingsReader {
  const problems: Problem[] = [];

  function optional<Value>(setting: Setting<Value>): Value | null {
    const text = textOf(environment, setting.name);
    if (text === null) return null;
    const fault = foreseenFault(setting, text);
    if (fault !== null) {
      problems.push(fault);
      return null;
    }
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) return parsed.data;
    const detail = parsed.error.issues.find((issue) => issue.code === 'custom')?.message;
    problems.push(wrong(setting, text, detail));
    return null;
  }

  return {
    isSet: (setting) => textOf(environment, setting.name) !== null,
    value: (setting) => optional(setting) ?? setting.schema.parse(setting.fallback),
    optional,
    required(setting) {
      if (textOf(environment, setting.name) === null) problems.push(missing(setting, environment[setting.name]));
      return optional(setting);
    },
    report: (problem) => void problems.push(problem),
    finish(value) {
      const all = [...problems, ...unknownNames(Object.keys(environment))];
      if (value === null || all.length > 0) throw configurationError(all);
      return value;
    },
  };
}

/** What cannot be any setting's value, whatever its kind. */
function foreseenFault({ name, expected, example }: Setting<unknown>, text: string): Problem | null {
  if (KEY_VAULT.test(text)) {
    return {
      variable: name,
      expected,
      found: 'a Key Vault reference that Azure could not resolve',
      wayOut:
        "Give the app's identity the role Key Vault Secrets User on the vault; for a user-assigned identity, set keyVaultReferenceIdentity on the app; and see that the secret exists and the vault's firewall lets the app in",
    };
  }
  if (/^<[^<>]*>$/.test(text)) {
    return {
      variable: name,
      expected,
      found: 'the placeholder of a sample',
      wayOut: `Put your own value in its place, such as ${example}`,
    };
  }
  return null;
}

function missing({ name, expected, required, example }: Setting<unknown>, raw: string | undefined): Problem {
  const when = required === undefined || required === 'always' ? '' : ` (needed ${required})`;
  return {
    variable: name,
    expected: `${expected}${when}`,
    found: raw === undefined ? 'not set' : 'empty',
    wayOut: `Set it, for example to ${example}`,
  };
}

function wrong(setting: Setting<unknown>, text: string, detail: string | undefined): Problem {
  const { name, expected, fallback, example } = setting;
  const shape = setting.secret ? `text of ${text.length} characters` : shown(text);
  return {
    variable: name,
    expected,
    found: detail === undefined ? shape : `${shape}: ${detail}`,
    wayOut:
      fallback === undefined
        ? `Correct it, for example to ${example}`
        : `Correct it, for example to ${example}, or remove it to get ${fallback}`,
  };
}

/** A value that is no secret, as far as one can know: long text might be a secret in the wrong place, and only its length is told. */
function shown(text: string): string {
  if (text.length > LONGEST_SHOWN) return `text of ${text.length} characters`;
  return escapeControls(JSON.stringify(redact(text)));
}
