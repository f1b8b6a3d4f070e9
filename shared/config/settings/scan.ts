import { HOUR, MINUTE } from '../../time.ts';
import { decimal, duration, percentage, wholeNumber } from '../kinds.ts';
import type { DefaultedSetting, Section } from '../setting.ts';

export const SCAN_BUDGET = {
  ...duration(MINUTE, 1, 25),
  name: 'ANCHORWATCH_SCAN_BUDGET_MINUTES',
  fallback: '20',
  unit: 'minutes',
  about:
    'How long one call reads before it leaves the rest to the next. It stays below `functionTimeout` in `host.json` (30 minutes), at which the host would stop it in mid-page.',
  example: '10',
} satisfies DefaultedSetting<number>;

export const RATE_SHARE = {
  ...decimal(0.05, 1),
  name: 'ANCHORWATCH_RATE_SHARE',
  fallback: '0.8',
  about:
    'How much of the rate limit that Okta and Graph announce a scan takes. Lower it where other integrations live from the same limit.',
  example: '0.5',
} satisfies DefaultedSetting<number>;

export const CONFIRM_LIMIT = {
  ...wholeNumber(0, 100_000),
  name: 'ANCHORWATCH_CONFIRM_LIMIT',
  fallback: '500',
  unit: 'people',
  about:
    'How many new findings a run reads a second time, one by one. The others are reported as unconfirmed and are not repaired; 0 confirms none.',
  example: '1000',
} satisfies DefaultedSetting<number>;

export const SCAN: Section = {
  title: 'Scan',
  intro: 'How the two tenants are read.',
  settings: [SCAN_BUDGET, RATE_SHARE, CONFIRM_LIMIT],
};

export const COUNT_TOLERANCE_ROWS = {
  ...wholeNumber(0, 10_000),
  name: 'ANCHORWATCH_COUNT_TOLERANCE_ROWS',
  fallback: '5',
  unit: 'rows',
  about:
    'By how many rows a list may miss the counts that Graph gave before and after it. People come and go during a read, so exactness would fail good nights.',
  example: '20',
} satisfies DefaultedSetting<number>;

export const COUNT_TOLERANCE_PERCENT = {
  ...percentage(),
  name: 'ANCHORWATCH_COUNT_TOLERANCE_PERCENT',
  fallback: '0.1',
  unit: 'percent',
  about: 'The same as a part of the list; the larger of the two counts. Never more than half a page is tolerated.',
  example: '0.2',
} satisfies DefaultedSetting<number>;

export const SHRINK_PERCENT = {
  ...percentage(),
  name: 'ANCHORWATCH_SHRINK_PERCENT',
  fallback: '10',
  unit: 'percent',
  about:
    'By how much a list may be smaller than in the last good run, or than the median of seven. A loss of 5 rows or fewer is never too much, for the sake of small lists; only 0 allows none at all. Raise it for one night when many people really left.',
  example: '15',
} satisfies DefaultedSetting<number>;

export const FILL_DROP_POINTS = {
  ...percentage(),
  name: 'ANCHORWATCH_FILL_DROP_POINTS',
  fallback: '5',
  unit: 'percentage points',
  about:
    'By how much the share of people with an anchor may fall. 5 rows or fewer are never too many; only 0 allows none at all. A sudden fall means a lost permission or a changed mapping, not that many emptied anchors.',
  example: '10',
} satisfies DefaultedSetting<number>;

export const IMPORT_MAX_AGE = {
  ...duration(HOUR, 1, 720),
  name: 'ANCHORWATCH_IMPORT_MAX_AGE_HOURS',
  fallback: '26',
  unit: 'hours',
  about:
    "How old the newest successful import from an Active Directory instance may be. Okta knows AD only as of that import. The default fits a daily import with two hours' delay.",
  example: '6',
} satisfies DefaultedSetting<number>;

export const CERTIFICATE: Section = {
  title: 'Certificates',
  intro:
    'When a read is believed. Outside these limits the run says *could not tell*, compares nothing and queues nothing. 0 means 0: no tolerance at all.',
  settings: [COUNT_TOLERANCE_ROWS, COUNT_TOLERANCE_PERCENT, SHRINK_PERCENT, FILL_DROP_POINTS, IMPORT_MAX_AGE],
};

export const CAUSE_PEOPLE = {
  ...wholeNumber(1, 1_000_000),
  name: 'ANCHORWATCH_CAUSE_PEOPLE',
  fallback: '20',
  unit: 'people',
  about: 'At least so many people must share a cause …',
  example: '10',
} satisfies DefaultedSetting<number>;

export const CAUSE_PERCENT = {
  ...decimal(0, 100),
  name: 'ANCHORWATCH_CAUSE_PERCENT',
  fallback: '60',
  unit: 'percent',
  about: '… and at least this part of the new findings must.',
  example: '80',
} satisfies DefaultedSetting<number>;

export const CAUSES: Section = {
  title: 'Mass causes',
  intro:
    'When many new findings have something in common, such as an OU or an AD instance, the cause is named once and nothing is repaired that night: mending people one by one would be the wrong cure.',
  settings: [CAUSE_PEOPLE, CAUSE_PERCENT],
};
