import { dlopen, FFIType as T, read } from "bun:ffi";

/** The few libc calls that Bun has no API for. Loaded on first use: a dlopen costs half a millisecond. */
function open() {
  // glibc, then musl, then macOS; Windows has none of these calls and takes other paths before it comes here.
  const names = process.platform === "darwin" ? ["libSystem.B.dylib"] : ["libc.so.6", `libc.musl-${process.arch === "arm64" ? "aarch64" : "x86_64"}.so.1`];
  const errnoSymbol = process.platform === "darwin" ? "__error" : "__errno_location";
  let failure: unknown;
  for (const name of names) {
    try {
      const { symbols } = dlopen(name, {
        flock: { args: [T.i32, T.i32], returns: T.i32 },
        execvp: { args: [T.ptr, T.ptr], returns: T.i32 },
        fcntl: { args: [T.i32, T.i32, T.i32], returns: T.i32 },
        signal: { args: [T.i32, T.u64], returns: T.u64 },
        isatty: { args: [T.i32], returns: T.i32 },
        getpwuid: { args: [T.u32], returns: T.ptr },
        setenv: { args: [T.ptr, T.ptr, T.i32], returns: T.i32 },
        unsetenv: { args: [T.ptr], returns: T.i32 },
        [errnoSymbol]: { args: [], returns: T.ptr },
      });
      const errnoAt = (symbols as unknown as Record<string, () => number>)[errnoSymbol];
      return {
        ...symbols,
        /** Must be read right after the failing call, before any other JS runs. */
        errno: (): number => (errnoAt === undefined ? 0 : read.i32(errnoAt() as Parameters<typeof read.i32>[0], 0)),
      };
    } catch (error) {
      failure = error;
    }
  }
  throw new Error("no C library found for flock and exec", { cause: failure });
}

let loaded: ReturnType<typeof open> | undefined;

export function libc(): ReturnType<typeof open> {
  return (loaded ??= open());
}

/** A NUL-terminated copy of a string for a `char *` argument; keep it referenced until the call returns. */
export function cString(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}
