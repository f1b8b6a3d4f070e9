import { subscribe } from 'node:diagnostics_channel';
import { writeSync } from 'node:fs';

// Loaded before what is measured (`node --import`): at its end it says on the third descriptor what it took. Milliseconds, kilobytes, and
// requests over HTTP, each of which is a transaction of the storage service.
let requests = 0;
subscribe('http.client.request.start', () => {
  requests += 1;
});
process.once('exit', () => {
  const { user, system } = process.cpuUsage();
  const { maxRSS } = process.resourceUsage();
  writeSync(3, JSON.stringify({ wall: performance.now(), cpu: (user + system) / 1_000, memory: maxRSS, requests }));
});
