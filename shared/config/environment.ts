export type Environment = Readonly<Record<string, string | undefined>>;

/** The text of a variable without the blanks around it. Nothing, or nothing but blanks, is null: not set. */
export function textOf(environment: Environment, name: string): string | null {
  const text = environment[name]?.trim() ?? '';
  return text === '' ? null : text;
}
