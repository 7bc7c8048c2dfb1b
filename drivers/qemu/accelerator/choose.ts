import type { Arch } from "../../../lib/config/schema.ts";
import { kvmRefusal, type KvmFacts } from "./kvm.ts";

export interface AcceleratorChoice {
  /** QEMU's name: `kvm`, `hvf`, or `tcg` for emulation. */
  readonly accelerator: string;
  /** Why it is tcg. */
  readonly reason?: string;
}

export interface Host {
  readonly arch: Arch;
  /** Accelerators compiled into the QEMU; empty when it would not say. */
  readonly compiledIn: readonly string[];
  /** Looked at only when kvm is in question. */
  readonly kvm: () => Promise<KvmFacts>;
  /** Runs a test guest under kvm; undefined when it ran to its end, else what went wrong. Looked at last. */
  readonly tryKvm: () => Promise<string | undefined>;
  /** Looked at only on macOS. */
  readonly hvf: () => Promise<boolean>;
}

/**
 * The fastest accelerator that is proven to run this guest: the host's own when the architectures are the same and it
 * works, else emulation with the reason for it.
 */
export async function chooseAccelerator(guest: Arch, host: Host): Promise<AcceleratorChoice> {
  if (guest !== host.arch) return { accelerator: "tcg", reason: `the host is ${host.arch}` };
  const lacks = (name: string): boolean => host.compiledIn.length > 0 && !host.compiledIn.includes(name);
  if (process.platform === "darwin") {
    if (lacks("hvf")) return { accelerator: "tcg", reason: "this QEMU was built without hvf" };
    return (await host.hvf()) ? { accelerator: "hvf" } : { accelerator: "tcg", reason: "hvf is not available: kern.hv_support is not 1" };
  }
  if (lacks("kvm")) return { accelerator: "tcg", reason: "this QEMU was built without kvm" };
  const refusal = kvmRefusal(host.arch, await host.kvm());
  if (refusal !== undefined) return { accelerator: "tcg", reason: refusal };
  const failure = await host.tryKvm();
  return failure === undefined ? { accelerator: "kvm" } : { accelerator: "tcg", reason: `kvm is unusable here: ${failure}` };
}
