import { expect, test } from 'vitest';
import { assignedTwice } from '../../shared/compare/assigned-twice.ts';
import { assignment, rosters } from './people.ts';

test('whoever two apps push is named once, in order, by the first of the names or by the Okta id', () => {
  const assignments = [
    assignment('eve', { userName: 'z@contoso.com' }),
    assignment('dan', { userName: null }),
    assignment('bob'),
    assignment('eve', { app: '0oaZ', userName: 'eve@contoso.com' }),
    assignment('dan', { app: '0oaZ', userName: null }),
    assignment('bob', { app: '0oaZ', userName: 'y@contoso.com' }),
    assignment('bob', { app: '0oaY', userName: 'x@contoso.com' }),
  ];

  expect(assignedTwice(rosters({ assignments }))).toEqual(['bob@contoso.com', 'dan', 'eve@contoso.com']);
});

test.each([
  ['whom one app pushes', [assignment('ada'), assignment('bob')]],
  ['who is twice in one app', [assignment('ada'), assignment('ada')]],
  [
    'who is twice in one app beside another',
    [assignment('ada'), assignment('ada'), assignment('bob', { app: '0oaZ' })],
  ],
  [
    'whose access to the other has ended',
    [assignment('ada'), assignment('ada', { app: '0oaZ', status: 'DEPROVISIONED' })],
  ],
])('nobody %s is named', (_who, assignments) => {
  expect(assignedTwice(rosters({ assignments }))).toEqual([]);
});
