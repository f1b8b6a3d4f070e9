import { describe, expect, test } from 'vitest';
import { compareAnchors } from '../../shared/anchor/compare.ts';
import { describeAnchor, guidOf } from '../../shared/anchor/forms.ts';
import { immutableIdOf } from '../../shared/anchor/write.ts';

/** Pairs of GUID and Immutable ID that others have published. */
const PUBLISHED = [
  // scripting.up-in-the.cloud, "Convert a GUID into Base64"
  ['3ab39606-c642-489b-84b6-58c038d3ef39', 'BpazOkLGm0iEtljAONPvOQ=='],
  // blog.ilmbestpractices.com, 2011 and 2012-12-02: holds both + and /
  ['8c4ac332-975f-4717-ad7b-ba4a4e968fff', 'MsNKjF+XF0ete7pKTpaP/w=='],
  // graybrook.io, 2022-08
  ['6701fa1a-fb0f-45a8-9356-d302b2affbb1', 'GvoBZw/7qEWTVtMCsq/7sQ=='],
  // Microsoft, reference-connect-adsynctools
  ['30475e40-e7ae-4af3-af75-8b143c81daf5', 'QF5HMK7n80qvdYsUPIHa9Q=='],
  // Microsoft, tshoot-connect-sync-errors, the sample of error 114
  ['897485c7-81a7-42eb-97c6-37ed73077b1f', 'x4V0iaeB60KXxjftcwd7Hw=='],
  // Microsoft, reference-connect-adsynctools, samples of input
  ['88666888-0101-1111-bbbb-1234567890ab', 'iGhmiAEBERG7uxI0VniQqw=='],
  ['88888888-0101-3333-cccc-1234567890cd', 'iIiIiAEBMzPMzBI0VniQzQ=='],
  // Okta's OpenAPI, objectGUID of an AD group, and the pair of its help page on externalId
  ['5d499239-8ed3-4e09-a1ed-68d02a9f8b3c', 'OZJJXdOOCU6h7WjQKp+LPA=='],
  ['67d8ac54-be50-4422-99c4-85a5ad6e484e', 'VKzYZ1C+IkSZxIWlrW5ITg=='],
] as const;

describe('published pairs', () => {
  test.each(PUBLISHED)('%s is %s', (guid, base64) => {
    expect(immutableIdOf(guid)).toBe(base64);
    expect(guidOf(base64)).toBe(guid);
    expect(describeAnchor(base64)).toEqual({ form: 'base64', guid });
    expect(compareAnchors(base64, guid)).toEqual({ kind: 'respelled', left: 'base64', right: 'guid', guid });
  });
});

describe('published spellings of the same GUIDs', () => {
  test.each([
    ['hex', '0696b33a42c69b4884b658c038d3ef39', '3ab39606-c642-489b-84b6-58c038d3ef39'],
    ['hex', '32c34a8c5f971747ad7bba4a4e968fff', '8c4ac332-975f-4717-ad7b-ba4a4e968fff'],
    ['hex', '1AFA01670FFBA8459356D302B2AFFBB1', '6701fa1a-fb0f-45a8-9356-d302b2affbb1'],
    ['connector-dn', 'CN={514635484D4B376E38307176645973555049486139513D3D}', '30475e40-e7ae-4af3-af75-8b143c81daf5'],
    ['connector-dn', 'CN={783456306961654236304B58786A66746377643748773D3D}', '897485c7-81a7-42eb-97c6-37ed73077b1f'],
    ['base64url', 'VKzYZ1C-IkSZxIWlrW5ITg', '67d8ac54-be50-4422-99c4-85a5ad6e484e'],
  ])('%s %s', (form, text, guid) => {
    expect(describeAnchor(text)).toEqual({ form, guid });
  });
});

test('the Immutable ID that was published with its bytes in the wrong order is recognised beside the right one', () => {
  const [right, wrong] = ['GvoBZw/7qEWTVtMCsq/7sQ==', 'ZwH6GvsPRaiTVtMCsq/7sQ=='];

  expect(describeAnchor(wrong).form).toBe('base64');
  expect(compareAnchors(right, wrong)).toEqual({
    kind: 'respelled',
    left: 'base64',
    right: 'big-endian',
    guid: '6701fa1a-fb0f-45a8-9356-d302b2affbb1',
  });
});

test.each([
  ['okta-user-id', '00u11z6WHMYCGPCHCRFK'],
  ['okta-app-user-id', '0ua11z6WHMYCGPCHCRFK'],
  ['name', 'test.user1@domain.com'],
  ['name', 'jürgen@contoso.local'],
  ['custom', 'E0012345'],
  ['custom', '00u11z6WHMYCGPCHCRF'],
  ['custom', '00U11z6WHMYCGPCHCRFK'],
  ['custom', '00u11z6WHMYCGPCHCRFKx'],
  ['custom', 'x00u11z6WHMYCGPCHCRFK'],
  ['custom', '0ua11z6WHMYCGPCHCRFKx'],
  ['custom', 'x0ua11z6WHMYCGPCHCRFK'],
  ['custom', 'two@signs@domain.com'],
  ['custom', ''],
  ['custom', '0696b33a42c69b4884b658c038d3ef390696b33a42c69b4884b658c038d3ef39'],
])('a %s such as %j holds no GUID', (form, text) => {
  expect(describeAnchor(text)).toEqual({ form, guid: null });
});
