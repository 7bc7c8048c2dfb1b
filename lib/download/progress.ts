import { formatSize } from "../config/size.ts";

const BAR_WIDTH = 30;
const BAR_INTERVAL = 200;
const LINE_INTERVAL = 5_000;

export interface Progress {
  /** Bytes so far, and in all if known. */
  readonly update: (done: number, total: number | undefined) => void;
  /** Takes the bar off the terminal. */
  readonly finish: () => void;
}

export interface ProgressOptions {
  /** A bar that is redrawn five times a second, instead of a line every five seconds. */
  readonly tty: boolean;
  /** What is downloaded, in a few words. */
  readonly label: string;
  /** Draws on the terminal. */
  readonly write: (text: string) => void;
  /** Takes one finished line, without its newline. */
  readonly line: (text: string) => void;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
}

/** Shows how far something is; the first line appears only when it takes longer than five seconds. */
export function createProgress({ tty, label, write, line, now = () => performance.now() }: ProgressOptions): Progress {
  const started = now();
  let shown = tty ? Number.NEGATIVE_INFINITY : started;
  let first: number | undefined;
  let drawn = false;
  return {
    update(done, total) {
      // Bytes that were there from an earlier attempt must not count as speed.
      first ??= done;
      const at = now();
      if (at - shown < (tty ? BAR_INTERVAL : LINE_INTERVAL)) return;
      shown = at;
      const speed = at > started ? ((done - first) / (at - started)) * 1000 : 0;
      if (tty) write(`\r\u001b[K${bar(label, done, total, speed)}`);
      else line(`${label}: ${amount(done, total)} (${formatSize(Math.round(speed))}/s)`);
      drawn = true;
    },
    finish() {
      if (tty && drawn) write("\r\u001b[K");
    },
  };
}

function amount(done: number, total: number | undefined): string {
  return total === undefined || total === 0 ? formatSize(done) : `${Math.floor((done / total) * 100)}% of ${formatSize(total)}`;
}

function bar(label: string, done: number, total: number | undefined, speed: number): string {
  const tail = `${amount(done, total)} ${formatSize(Math.round(speed))}/s`;
  if (total === undefined || total === 0) return `${label} ${tail}`;
  const filled = Math.min(BAR_WIDTH, Math.floor((done / total) * BAR_WIDTH));
  const left = speed > 0 ? ` ${Math.ceil((total - done) / speed)}s` : "";
  return `${label} [${"=".repeat(filled)}${" ".repeat(BAR_WIDTH - filled)}] ${tail}${left}`;
}
