import * as z from 'zod';
import { type Letter, SEVERITIES } from './letter.ts';

const texts = z.array(z.string());

/** A letter that was kept, as it comes back. */
export const letterSchema: z.ZodType<Letter> = z.object({
  subject: z.string(),
  severity: z.enum(SEVERITIES),
  verdict: z.string(),
  figures: z.array(z.object({ label: z.string(), value: z.number() })),
  next: texts,
  action: z.object({ label: z.string(), url: z.string() }).nullable(),
  parts: z.array(
    z.object({
      title: z.string(),
      lines: texts,
      table: z.object({ head: texts, rows: z.array(texts), more: z.number() }).nullable(),
    }),
  ),
  footer: texts,
});
