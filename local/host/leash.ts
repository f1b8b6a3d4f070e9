/**
 * Preloaded into every child process: when the parent is gone, however it went, the channel to it closes and the child ends itself, the
 * way it ends on SIGTERM, and without ceremony if that takes too long.
 */
const GRACE = 10_000;

if (process.channel !== undefined && process.channel !== null) {
  process.once('disconnect', () => {
    // Nobody reads the output any more; a failed write must not cut the ending short.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    setTimeout(() => process.exit(1), GRACE).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // After the listener, which would otherwise keep the process alive by itself.
  process.channel.unref();
}
