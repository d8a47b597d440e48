/** When to ask for a status again, in ms: 2 s, 10 s after 30 s, 30 s after five minutes, never sooner than the service asked. Pure. */
export function nextPoll(ageMs: number, retryAfterSeconds: number | null): number {
  const own = ageMs < 30_000 ? 2_000 : ageMs < 300_000 ? 10_000 : 30_000;
  const asked = retryAfterSeconds === null ? 0 : retryAfterSeconds * 1000;
  return Math.min(30_000, Math.max(own, asked));
}

/** The wait after the n-th error in a row, with full jitter, in ms. */
export function afterError(errors: number, random: number): number {
  return 250 + random * Math.min(30_000, 1_000 * 2 ** errors);
}
