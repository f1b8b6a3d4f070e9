/** Facts beside a message. Values are redacted where the line is written, yet no caller may count on it. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Static messages, so that lines group; what varies is in the fields. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
