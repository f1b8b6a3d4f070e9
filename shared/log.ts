import { escapeControls, escapeInJson } from './controls.ts';
import { AnchorwatchError, explain, kindOf } from './errors.ts';
import type { Log, LogFields } from './ports/log.ts';
import { redact, redactField } from './redact.ts';
import { type Instant, isoTime } from './time.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** A line as it will be written: redacted already. */
export interface LogEntry {
  readonly time: Instant;
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: readonly (readonly [name: string, value: string | number | boolean | null])[];
}

/** Takes one finished line, without a line break at its end. */
export type LogSink = (line: string, level: LogLevel) => void;

export interface LogOptions {
  /** `jsonLine` for a machine, `textLine` for a person. */
  readonly format: (entry: LogEntry) => string;
  readonly now: () => Instant;
  /** The lowest level that is written; `info` when not given. */
  readonly least?: LogLevel;
}

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error'];

/** An HTML error page in a message must not fill the log. Cut after redaction, so that no half of a secret slips through. */
const LONGEST_VALUE = 2_000;

/** Everything is redacted here, where the line is made: no caller has to think of it, and none can forget it. */
export function createLog(sink: LogSink, { format, now, least = 'info' }: LogOptions): Log {
  function write(level: LogLevel, message: string, fields: LogFields = {}): void {
    if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
    sink(format({ time: now(), level, message: shorten(redact(message)), fields: redactAll(fields) }), level);
  }
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
  };
}

/** One JSON object a line, for Application Insights and its like: `time`, `level`, `message`, then the fields. */
export function jsonLine({ time, level, message, fields }: LogEntry): string {
  const own = { time: isoTime(time), level, message };
  const taken = new Set(Object.keys(own));
  const others = fields.map(([name, value]) => [taken.has(name) ? `${name}_` : name, value] as const);
  return escapeInJson(JSON.stringify(Object.fromEntries([...Object.entries(own), ...others])));
}

/** `02:00:00 warn  the message  name=value name="a value"`, for a person at a terminal; times are UTC. */
export function textLine({ time, level, message, fields }: LogEntry): string {
  const shown = fields.map(([name, value]) => ` ${name}=${typeof value === 'string' ? quoted(value) : String(value)}`);
  const gap = shown.length > 0 ? ' ' : '';
  return escapeControls(`${isoTime(time).slice(11, 19)} ${level.padEnd(5)} ${message}${gap}${shown.join('')}`);
}

/**
 * An error as fields of a line: its kind, its message with those of its causes, what it knows about itself, and for errors that
 * nobody foresaw the place in the code.
 */
export function errorFields(error: unknown): LogFields {
  const known = error instanceof AnchorwatchError;
  return {
    ...(known ? error.fields : {}),
    kind: kindOf(error),
    error: explain(error),
    retryAfter: known ? error.retryAfter : undefined,
    at: !known && error instanceof Error ? frames(error) : undefined,
  };
}

function redactAll(fields: LogFields): LogEntry['fields'] {
  const entries: [string, string | number | boolean | null][] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    entries.push([redact(name), redactValue(name, value)]);
  }
  return entries;
}

function redactValue(name: string, value: string | number | boolean | null): string | number | boolean | null {
  if (typeof value === 'string') return shorten(redactField(name, value));
  // JSON has no word for these two and would say null.
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function shorten(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  return `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`;
}

function quoted(value: string): string {
  return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

function frames(error: Error): string | undefined {
  const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  return lines.length > 0
    ? lines
        .slice(0, 5)
        .map((line) => line.trim())
        .join(' < ')
    : undefined;
}
