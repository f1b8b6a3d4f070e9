import type * as z from 'zod';

/** What a setting's text may be, and what it becomes. */
export interface Kind<Value> {
  readonly schema: z.ZodType<Value, string>;
  /** Completes the sentence "expected …". */
  readonly expected: string;
}

/**
 * One setting, declared once. Reading, the errors, `docs/configuration.md`, the sample of local settings and the search for the
 * name that a typo meant all come from here.
 */
export interface Setting<Value> extends Kind<Value> {
  /** Name of the environment variable. */
  readonly name: string;
  /** Text that counts when the setting is not set. */
  readonly fallback?: string;
  /** When the setting has to be there, for a person to read: "always", "in mode remediate". */
  readonly required?: string;
  /** Its value is never shown. */
  readonly secret?: boolean;
  readonly unit?: string;
  /** One or two sentences: what it decides, and why one would change it. */
  readonly about: string;
  readonly example: string;
  /** What the sample of local settings says; a text in angle brackets is a placeholder that nobody can run with. */
  readonly sample?: string;
}

export interface DefaultedSetting<Value> extends Setting<Value> {
  readonly fallback: string;
}

/** A section of the configuration, as the documentation shows it. */
export interface Section {
  readonly title: string;
  readonly intro: string;
  readonly settings: readonly Setting<unknown>[];
}
