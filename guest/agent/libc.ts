import { dlopen, FFIType as T, read } from "bun:ffi";

function open() {
  let failure: unknown;
  // glibc, then the two names of musl: the agent runs in any Linux guest.
  for (const name of ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"]) {
    try {
      return dlopen(name, {
        socket: { args: [T.i32, T.i32, T.i32], returns: T.i32 },
        send: { args: [T.i32, T.ptr, T.u64, T.i32], returns: T.i64 },
        recv: { args: [T.i32, T.ptr, T.u64, T.i32], returns: T.i64 },
        setsockopt: { args: [T.i32, T.i32, T.i32, T.ptr, T.u32], returns: T.i32 },
        poll: { args: [T.ptr, T.u64, T.i32], returns: T.i32 },
        read: { args: [T.i32, T.ptr, T.u64], returns: T.i64 },
        clock_settime: { args: [T.i32, T.ptr], returns: T.i32 },
        __errno_location: { args: [], returns: T.ptr },
      }).symbols;
    } catch (error) {
      failure = error;
    }
  }
  throw new Error("no C library found", { cause: failure });
}

let opened: ReturnType<typeof open> | undefined;

/** The C library, opened by the first who needs it: that costs tenths of a second under emulation. */
export function libc(): ReturnType<typeof open> {
  return (opened ??= open());
}

/** errno of the last call; must be read before any other JS runs. */
export function errno(): number {
  const at = libc().__errno_location();
  return at === null ? 0 : read.i32(at, 0);
}
