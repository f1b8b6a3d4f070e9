import type { Severity } from './letter.ts';

/** Said in words wherever a colour says it too. */
export const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  quiet: 'Quiet: nothing new',
  news: 'News: nothing waits for anybody',
  decision: 'Somebody has to act or decide',
  alarm: 'Alarm: somebody may be hurt now',
};
