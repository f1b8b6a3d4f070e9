import { AnchorwatchError } from '../errors.ts';

/** One line of the error: what, what was expected, what was there, and the way out. */
export interface Problem {
  readonly variable: string;
  readonly expected: string;
  /** The shape of what was there. Never the value of a secret. */
  readonly found: string;
  readonly wayOut: string;
}

/** All that is wrong, in one error, so that nobody mends one setting a deployment. */
export function configurationError(problems: readonly Problem[]): AnchorwatchError {
  const count = problems.length === 1 ? '1 error' : `${problems.length} errors`;
  const lines = problems.map(
    ({ variable, expected, found, wayOut }) => `  ${variable}: expected ${expected}; found ${found}. ${wayOut}.`,
  );
  const message = [`The configuration has ${count}:`, ...lines, 'docs/configuration.md explains every setting.'];
  return new AnchorwatchError('invalid', message.join('\n'), { fields: { problems: problems.length } });
}
