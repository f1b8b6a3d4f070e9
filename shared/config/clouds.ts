/** Where the Microsoft services of one cloud are. Addresses without a slash at the end. */
export interface Cloud {
  readonly graphUrl: string;
  readonly authorityHost: string;
  /** What follows `<account>.table.` in the address of a storage account. */
  readonly storageSuffix: string;
}

export const CLOUD_NAMES = ['global', 'usgov', 'dod', 'china'] as const;

/**
 * Graph hosts as `@microsoft/microsoft-graph-client` knows them (it sends tokens to no others), authorities as
 * `@azure/identity` does. `usgov` is GCC High (GCC itself is in the global cloud); both American clouds sign in at one place.
 */
export const CLOUDS: Readonly<Record<(typeof CLOUD_NAMES)[number], Cloud>> = {
  global: {
    graphUrl: 'https://graph.microsoft.com',
    authorityHost: 'https://login.microsoftonline.com',
    storageSuffix: 'core.windows.net',
  },
  usgov: {
    graphUrl: 'https://graph.microsoft.us',
    authorityHost: 'https://login.microsoftonline.us',
    storageSuffix: 'core.usgovcloudapi.net',
  },
  dod: {
    graphUrl: 'https://dod-graph.microsoft.us',
    authorityHost: 'https://login.microsoftonline.us',
    storageSuffix: 'core.usgovcloudapi.net',
  },
  china: {
    graphUrl: 'https://microsoftgraph.chinacloudapi.cn',
    authorityHost: 'https://login.chinacloudapi.cn',
    storageSuffix: 'core.chinacloudapi.cn',
  },
};
