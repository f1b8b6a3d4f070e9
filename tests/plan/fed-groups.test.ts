import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { askedBy, type EditableAttribute, feeding, type FeedingRule, openFeeds } from '../../shared/plan/fed-groups.ts';

describe('what an expression asks of a person', () => {
  test.each<readonly [string, readonly string[]]>([
    ['user.department=="Sales"', ['department']],
    ['user.department == "Sales" AND user.title != null', ['department', 'title']],
    ['String.stringContains(user.department, "Sales") or String.startsWith(user.city,"B")', ['department', 'city']],
    ['Arrays.contains(user.teams, "sales")', ['teams']],
    ['user.salary > 1000000 AND !user.isContractor', ['salary', 'isContractor']],
    ['user.department == user.division', ['department', 'division']],
    ['user.city == "Bonn" or user.city == "Köln"', ['city']],
    ['user["department"] == "Sales"', ['department']],
    ["user[ 'cost_center' ] == 7", ['cost_center']],
    ['user?.department == "Sales"', ['department']],
    ['user .\n department == "Sales"', ['department']],
    ['user.profile.department == "Sales"', ['department']],
    ['user.profile["department"] == "Sales"', ['department']],
    ['user.department.toLowerCase() == "sales"', ['department']],
    ['User.Department == "Sales"', ['Department']],
    ['(user.title ?: "") == ""', ['title']],
    ['user.profile == ""', ['profile']],
  ])('%s', (expression, attributes) => {
    expect(askedBy(expression)).toEqual({ attributes, unclear: false });
  });

  test.each([
    'isMemberOfGroup("00g1") and !isMemberOfAnyGroup("00g2","00g3")',
    'isMemberOfGroupNameStartsWith("user.department")',
    "'user.title' != ''",
    'user.getInternalProperty("status") == "ACTIVE"',
    "user.isMemberOf({'group.id': '00g1'})",
    'user.getLinkedObject("manager") != null',
    'appuser.department == "Sales"',
    'users.department == superuser.title',
    'true',
  ])('is no attribute of their own in %s', (expression) => {
    expect(askedBy(expression)).toEqual({ attributes: [], unclear: false });
  });

  test.each(['', '  ', 'user', 'f(user)', 'user[#name] == "x"', 'user.get("department") == "x"'])(
    'is not understood in "%s"',
    (expression) => {
      expect(askedBy(expression)).toEqual({ attributes: [], unclear: true });
    },
  );

  test.each([
    ['a text that does not end', 'user.title == "Sales'],
    ['a text that ends in a backslash', String.raw`"a\" == user.title and user.city == "b"`],
    ['a text that may not end at its backslash', String.raw`"a\"b" == user.title and user.city == "c"`],
    ['the same with the other quotes', String.raw`'a\'b' == user.title and user.city == 'c'`],
  ])('is not hidden by %s', (_, expression) => {
    expect(askedBy(expression).attributes).toContain('title');
  });

  test('is found whatever stands around it, and nothing else is, as long as texts have no backslash', () => {
    const name = fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,12}$/).filter((word) => word !== 'profile');
    const quoted = fc.tuple(fc.constantFrom('"', "'"), fc.string()).map(([quote, text]) => {
      return quote + text.replaceAll(/["'\\]/g, ' ') + quote;
    });
    const asking = name.chain((attribute) =>
      fc
        .constantFrom(
          `user.${attribute}`,
          `user["${attribute}"]`,
          `user . ${attribute}`,
          `String.len(user.${attribute})`,
        )
        .map((text) => ({ text, attribute })),
    );
    const silent = fc
      .oneof(quoted, fc.constantFrom('isMemberOfGroup("00g1")', 'user.getInternalProperty("id")', '7', 'null'))
      .map((text) => ({ text, attribute: null }));
    const terms = fc.array(fc.oneof(asking, silent), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(terms, fc.constantFrom(' == ', ' and ', '||', ' AND !'), (parts, between) => {
        const asked = new Set(parts.flatMap(({ attribute }) => attribute ?? []));
        expect(askedBy(parts.map(({ text }) => text).join(between))).toEqual({
          attributes: [...asked],
          unclear: false,
        });
      }),
    );
  });

  test('is read from any text at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(askedBy(`${text} user.title`).attributes.length).toBeLessThanOrEqual(text.length + 1);
      }),
    );
  });
});

const OPT_IN = '00gOptIn';
const PROTECTED = '00gProtected';

const RULE: FeedingRule = {
  id: '0pr1',
  name: 'Phones',
  status: 'ACTIVE',
  expression: 'user.mobilePhone != null and user.department == "Sales"',
  groups: [OPT_IN],
};
const MOBILE: EditableAttribute = { name: 'mobilePhone', by: 'everybody' };
const EMAIL: EditableAttribute = { name: 'email', by: 'unsourced' };

describe('a rule feeds a group', () => {
  test.each([
    ['ACTIVE', true],
    ['INACTIVE', false],
    ['INVALID', false],
    ['SOMETHING_NEW', true],
  ])('or does not, by its status: %s', (status, feeds) => {
    expect(feeding([{ ...RULE, status }], [OPT_IN])).toHaveLength(feeds ? 1 : 0);
  });

  test('and no other group', () => {
    expect(feeding([RULE], [PROTECTED])).toEqual([]);
    expect(feeding([{ ...RULE, groups: ['00gElse', PROTECTED] }], [OPT_IN, PROTECTED])).toHaveLength(1);
  });
});

describe('a group is open to whoever edits an attribute', () => {
  test('where a rule asks for one that everybody may edit', () => {
    const feeds = openFeeds([OPT_IN], [RULE], [EMAIL, MOBILE], true);

    expect(feeds).toEqual([{ rule: RULE, group: OPT_IN, attributes: [MOBILE], unclear: false }]);
  });

  test.each([
    ['what the rule asks for is nobody’s to edit', RULE, [], true],
    ['what may be edited is not asked for', RULE, [EMAIL], false],
    ['the rule feeds nobody', { ...RULE, status: 'INACTIVE' }, [MOBILE], false],
    ['the rule feeds another group', { ...RULE, groups: [PROTECTED] }, [MOBILE], false],
    ['a directory writes it', { ...RULE, expression: 'user.email != null' }, [EMAIL], true],
  ])('and is not where %s', (_, rule, editable, sourced) => {
    expect(openFeeds([OPT_IN], [rule], editable, sourced)).toEqual([]);
  });

  test('where profiles have no source but Okta', () => {
    const rule = { ...RULE, expression: 'user.email != null' };

    expect(openFeeds([OPT_IN], [rule], [EMAIL], false)).toMatchObject([{ attributes: [EMAIL] }]);
  });

  test('whose name the rule writes in other letters', () => {
    const rule = { ...RULE, expression: 'user.MOBILEPHONE != null' };

    expect(openFeeds([OPT_IN], [rule], [MOBILE], true)).toMatchObject([{ attributes: [MOBILE] }]);
  });

  test('once for each group and rule', () => {
    const both = { ...RULE, id: '0pr2', groups: [PROTECTED, OPT_IN] };

    const feeds = openFeeds([OPT_IN, PROTECTED], [RULE, both], [MOBILE], true);
    expect(feeds.map(({ rule, group }) => [rule.id, group])).toEqual([
      ['0pr1', OPT_IN],
      ['0pr2', OPT_IN],
      ['0pr2', PROTECTED],
    ]);
  });

  test('with what people may edit of it, in the order of the alphabet', () => {
    const rule = { ...RULE, expression: 'user.beta + user.alpha + user.gamma' };
    const editable = ['gamma', 'alpha', 'beta'].map((name) => ({ name, by: 'everybody' }) as const);

    const [feed] = openFeeds([OPT_IN], [rule], editable, false);

    expect(feed?.attributes.map(({ name }) => name)).toEqual(['alpha', 'beta', 'gamma']);
  });

  test('or may be, where the expression is not understood', () => {
    const rule = { ...RULE, expression: 'f(user)' };

    expect(openFeeds([OPT_IN], [rule], [], true)).toMatchObject([{ attributes: [], unclear: true }]);
  });
});
