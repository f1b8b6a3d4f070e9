import * as z from 'zod';
import { scheduleFault } from './schedule.ts';
import type { Kind } from './setting.ts';
import { isTimeZone, parseWindow, type Window } from './window.ts';

const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export function text(): Kind<string> {
  return { schema: z.string(), expected: 'text' };
}

export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words): Kind<Words[number]> {
  return { schema: z.enum(words), expected: `one of ${words.join(', ')}` };
}

export function wholeNumber(least: number, most: number): Kind<number> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number)
      .pipe(z.number().min(least).max(most)),
    expected: `a whole number from ${least} to ${most}`,
  };
}

export function decimal(least: number, most: number): Kind<number> {
  return {
    schema: z
      .string()
      .regex(/^\d{1,9}(?:\.\d{1,9})?$/)
      .transform(Number)
      .pipe(z.number().min(least).max(most)),
    expected: `a number from ${least} to ${most}, decimals after a point`,
  };
}

/** A whole number of some unit of time; the value is in milliseconds. */
export function duration(unit: number, least: number, most: number): Kind<number> {
  const { schema, expected } = wholeNumber(least, most);
  return { schema: schema.transform((count) => count * unit), expected };
}

/** A percentage; the value is a share from 0 to 1. */
export function percentage(): Kind<number> {
  const { schema, expected } = decimal(0, 100);
  return { schema: schema.transform((percent) => percent / 100), expected };
}

export function guid(): Kind<string> {
  return { schema: matching(GUID).toLowerCase(), expected: 'a GUID' };
}

export function oktaGroupId(): Kind<string> {
  return { schema: matching(/^00g[A-Za-z0-9]{8,}$/), expected: 'the id of an Okta group, which begins with 00g' };
}

export function attributeName(): Kind<string> {
  return { schema: matching(/^[A-Za-z][\w-]{0,127}$/), expected: 'the name of an attribute' };
}

const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/i;

export function domainName(): Kind<string> {
  return { schema: matching(DOMAIN).toLowerCase(), expected: 'the name of a domain' };
}

/** Lower case; an address instead of its host would match nothing, and is refused. */
export function hostNames(): Kind<readonly string[]> {
  return namesOf('host names without https://', 'is no host name');
}

/** Lower case. */
export function domainNames(): Kind<readonly string[]> {
  return namesOf('names of domains', 'is no name of a domain');
}

function namesOf(items: string, fault: string): Kind<readonly string[]> {
  const { schema, expected } = list(items);
  return {
    schema: schema
      .superRefine((found, context) => {
        const wrong = found.findIndex((item) => !DOMAIN.test(item));
        if (wrong >= 0) context.addIssue(`item ${wrong + 1} ${fault}`);
      })
      .transform((found) => found.map((item) => item.toLowerCase())),
    expected,
  };
}

export function accountName(): Kind<string> {
  return { schema: matching(/^[a-z0-9]{3,24}$/), expected: 'the name of a storage account, 3 to 24 of a-z and 0-9' };
}

/** Items between commas, blanks around them dropped, empty items left out. */
export function list(items: string): Kind<readonly string[]> {
  return {
    schema: z
      .string()
      .transform((all) =>
        all
          .split(',')
          .map((item) => item.trim())
          .filter((item) => item !== ''),
      )
      .refine((found) => found.length > 0),
    expected: `${items}, separated by commas`,
  };
}

/** People by an id or by a name with an @ in it: a bare name would protect nobody. */
export function people(): Kind<readonly string[]> {
  const { schema, expected } = list('user principal names, object ids or Okta user ids');
  return {
    schema: schema.superRefine((items, context) => {
      const wrong = items.findIndex((item) => !item.includes('@') && !GUID.test(item) && !/^00u\w{8,}$/.test(item));
      if (wrong >= 0) context.addIssue(`item ${wrong + 1} is none of these`);
    }),
    expected,
  };
}

/** One person by name: an id would not be recognised here, nor would a bare name. */
export function userPrincipalName(): Kind<string> {
  return { schema: matching(/^[^\s@,]+@[^\s@,]+\.[^\s@,]+$/), expected: 'a user principal name' };
}

export function repairWindow(): Kind<Window> {
  return {
    schema: z.string().transform((written, context) => {
      const window = parseWindow(written);
      if (window !== null) return window;
      context.addIssue('it is none');
      return z.NEVER;
    }),
    expected: 'days and times such as MON-FRI 20:00-05:00, or times alone for every day',
  };
}

export function timeZone(): Kind<string> {
  return { schema: z.string().refine(isTimeZone), expected: 'the name of a time zone' };
}

const MAIL_ADDRESS = /^[^\s@,;<>()"]{1,64}@[^\s@,;<>()"]+\.[^\s@,;<>()".]+$/;

/** Bare addresses: a display name beside one would be taken for a part of it. */
export function mailAddresses(): Kind<readonly string[]> {
  const { schema, expected } = list('mail addresses');
  return {
    schema: schema.superRefine((items, context) => {
      const wrong = items.findIndex((item) => !MAIL_ADDRESS.test(item));
      if (wrong >= 0) context.addIssue(`item ${wrong + 1} is no mail address`);
    }),
    expected,
  };
}

/** A secret that nobody guesses. */
export function secretText(least: number): Kind<string> {
  return { schema: z.string().min(least), expected: `text of at least ${least} characters` };
}

export function schedule(): Kind<string> {
  return {
    schema: z.string().superRefine((cron, context) => {
      const fault = scheduleFault(cron);
      if (fault !== null) context.addIssue(fault);
    }),
    expected: 'six fields: second, minute, hour, day of the month, month, day of the week',
  };
}

function matching(pattern: RegExp): z.ZodString {
  return z.string().regex(pattern);
}
