/**
 * What is used of preact. Its own types bring the whole DOM into a program that has none, and with it hundreds of globals (`name`, `event`,
 * `status`) that a slip of the pen would then find; and they know attributes of pages, not those by which mail programs lay out.
 */
export type ComponentChild = VNode | string | number | null | readonly ComponentChild[];

export interface VNode {
  readonly type: unknown;
}

export function h(
  tag: string,
  attributes: Readonly<Record<string, string>> | null,
  ...children: readonly ComponentChild[]
): VNode;
