import type * as z from 'zod';

const SHOWN = 5;

/** What a schema found, on one line: the place in the value and what was expected there. Never the value. */
export function issuesOf(error: z.ZodError): string {
  const lines = error.issues.slice(0, SHOWN).map((issue) => {
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  const more = error.issues.length - lines.length;
  return more > 0 ? `${lines.join('; ')}; and ${more} more` : lines.join('; ');
}
