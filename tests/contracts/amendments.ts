interface Amendment {
  /** Keys from the root of the description to an object that is there. */
  readonly at: readonly string[];
  /** What this object has besides, or instead. */
  readonly put: Readonly<Record<string, unknown>>;
  readonly why: string;
}

const EXAMPLES = 'Okta’s own examples have null there';
const MASTERED = 'E0000076: the account has another application as its source (Okta, error codes)';

const schema = (name: string, ...keys: readonly string[]) => ['components', 'schemas', name, ...keys];
const propertiesOf = (name: string) => schema(name, 'properties');
const answersOf = (method: string, path: string) => ['paths', path, method, 'responses'];
const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const error = { content: { 'application/json': { schema: to('Error') } } };

/** Where Okta's description (2026.06.3) is known to be wrong about Okta. Everything else is held to as it is written. */
export const AMENDMENTS: readonly Amendment[] = [
  { at: schema('ApplicationAccessibility', 'properties', 'errorRedirectUrl'), put: { nullable: true }, why: EXAMPLES },
  { at: schema('ApplicationAccessibility', 'properties', 'loginRedirectUrl'), put: { nullable: true }, why: EXAMPLES },
  {
    at: schema('ApplicationSettingsNotificationsVpn', 'properties', 'helpUrl'),
    put: { nullable: true },
    why: EXAMPLES,
  },
  {
    at: schema('ApplicationSettingsNotificationsVpn', 'properties', 'message'),
    put: { nullable: true },
    why: EXAMPLES,
  },
  { at: schema('AppUser', 'properties', 'externalId'), put: { nullable: true }, why: EXAMPLES },
  { at: schema('LogOutcome', 'properties', 'reason'), put: { nullable: true }, why: EXAMPLES },
  { at: schema('LogTarget', 'properties', 'detailEntry'), put: { nullable: true }, why: EXAMPLES },
  {
    at: schema('ApplicationSignOnMode'),
    put: { nullable: true },
    why: 'an integration of Active Directory has no sign-on mode (SpecterOps/OktaHound)',
  },
  {
    at: propertiesOf('Application'),
    put: { name: { type: 'string' }, settings: { type: 'object' }, credentials: to('ApplicationCredentials') },
    why: 'apps without a sign-on mode have them too, and only the kinds that the mode tells apart describe them',
  },
  {
    at: schema('SamlApplicationSettings'),
    put: { properties: { app: { type: 'object' } } },
    why: 'every example of such an app has settings of its own',
  },
  {
    at: schema('Application', 'properties', '_embedded', 'properties', 'user'),
    put: { type: undefined, additionalProperties: undefined, ...to('AppUser') },
    why: 'its prose says that it is the app user, and its schema a map of objects',
  },
  {
    at: propertiesOf('ProfileMapping'),
    put: { properties: { type: 'object', additionalProperties: to('ProfileMappingProperty') } },
    why: 'it is described as one property, and in all examples it is a map of them',
  },
  {
    at: schema('UserSchemaBaseProperties'),
    put: { additionalProperties: to('UserSchemaAttribute') },
    why: 'schemas of apps are described by that of users, and have base attributes of their own',
  },
  {
    at: schema('AppUserUpdateRequest'),
    put: {
      oneOf: undefined,
      anyOf: [
        to('AppUserCredentialsRequestPayload'),
        to('AppUserProfileRequestPayload'),
        { type: 'object', properties: { scope: { type: 'string', enum: ['USER', 'GROUP'] } }, required: ['scope'] },
      ],
    },
    why: 'nothing tells the described two apart where neither is given; scope is what Okta’s own Workflows template sends',
  },
  {
    at: answersOf('get', '/api/v1/apps/{appId}/features/{featureName}'),
    put: { 400: error },
    why: 'without provisioning there is no feature: described at the list of features and at the update alone',
  },
  { at: answersOf('post', '/api/v1/apps/{appId}/users'), put: { 405: error }, why: MASTERED },
  { at: answersOf('post', '/api/v1/apps/{appId}/users/{userId}'), put: { 405: error }, why: MASTERED },
  { at: answersOf('delete', '/api/v1/apps/{appId}/users/{userId}'), put: { 405: error }, why: MASTERED },
];

/** A copy of the description that says how Okta is. Throws where an amendment has nothing to amend: the description has changed. */
export function amended(description: unknown, amendments: readonly Amendment[] = AMENDMENTS): unknown {
  return amendments.reduce((whole, { at, put }) => withPut(whole, at, put, at), description);
}

function withPut(
  part: unknown,
  [key, ...rest]: readonly string[],
  put: Amendment['put'],
  whole: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof part !== 'object' || part === null) {
    throw new Error(`The description has nothing at ${whole.join(' ')}, which was to be amended.`);
  }
  if (key !== undefined) return { ...part, [key]: withPut(new Map(Object.entries(part)).get(key), rest, put, whole) };
  return Object.fromEntries(Object.entries({ ...part, ...put }).filter(([, value]) => value !== undefined));
}
