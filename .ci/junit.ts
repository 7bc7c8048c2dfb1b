export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Sums of a JUnit report as `bun test` writes it: from the attributes of its root element. Undefined when that is not complete. */
export function junitCounts(xml: string): Counts | undefined {
  const root = /<testsuites\b[^>]*>/.exec(xml)?.[0];
  const number = (name: string): number => Number(root?.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? Number.NaN);
  const [tests, failed, skipped] = [number("tests"), number("failures"), number("skipped")];
  return Number.isNaN(tests + failed + skipped) ? undefined : { passed: tests - failed - skipped, failed, skipped };
}
