/** The same port, with `count` called before or after each of the methods, which wait for it. */
export function watched<Port extends object>(
  port: Port,
  methods: readonly string[],
  when: 'before' | 'after',
  count: () => void | Promise<void>,
): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = (...args: unknown[]): unknown => Reflect.apply(value, target, args);
      if (!methods.includes(String(name))) return call;
      return async (...args: unknown[]) => {
        if (when === 'before') await count();
        const outcome = await call(...args);
        if (when === 'after') await count();
        return outcome;
      };
    },
  });
}
