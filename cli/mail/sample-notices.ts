import { baselineNotice, couldNotTellNotice } from '../../shared/flows/scan/conclude.ts';
import { proposalNotice, UNLESS_APPROVED } from '../../shared/flows/scan/propose.ts';
import { readyNotice } from '../../shared/flows/tasks.ts';
import { parkedNotice } from '../../shared/flows/tend/find-parked.ts';
import type { Notice } from '../../shared/ports/teller.ts';
import type { NoticeKind } from '../../shared/state/rows.ts';
import { DAY, HOUR } from '../../shared/time.ts';
import { findingOf, NIGHT, repairOf } from './sample-people.ts';
import { couldNotTellRun, FREEZE, RUN_ID, runOf } from './sample-run.ts';

/** One notice of every kind but the digest, in the words of whoever tells it. */
export function sampleNotices(): Readonly<Record<Exclude<NoticeKind, 'digest'>, Notice>> {
  const run = runOf([]);
  const plan = { repairs: 12, more: 0, checksum: '5f2b1c9e07a4'.padEnd(64, '0'), expires: NIGHT + 2 * DAY };
  const maria = findingOf(1, 'maria.lindqvist@contoso.com');
  return {
    'could-not-tell': couldNotTellNotice(couldNotTellRun()),
    baseline: baselineNotice(run, { paired: 11_982, matched: 11_969 }),
    freeze: proposalNotice(run, { ...plan, ...FREEZE }),
    proposal: proposalNotice(run, { ...plan, rule: 'wants-approval', reason: UNLESS_APPROVED }),
    alarm: parkedNotice({
      objectId: maria.objectId ?? '',
      userName: 'maria.lindqvist@contoso.onmicrosoft.com',
      wanted: maria.userName,
      since: NIGHT + HOUR,
    }),
    'needs-a-person': readyNotice(
      RUN_ID,
      ['tomasz.zieliński@contoso.com', '<b>Robert</b>@contoso.com'].map((name, at) =>
        repairOf(at + 2, name, { created: NIGHT + HOUR }),
      ),
      NIGHT + HOUR,
      DAY,
    ),
  };
}
