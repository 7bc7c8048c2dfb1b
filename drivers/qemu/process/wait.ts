/** True when the promise settles within `ms` milliseconds. Keeps no timer behind. */
export async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const timeout = Promise.withResolvers<false>();
  const timer = setTimeout(() => timeout.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true, () => true), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
