/** The firmware image of probe-rom/rom.asm (which says how to make this text): gzip, then base64. */
const ROM =
  "H4sIAAAAAAACA+3QsWoUURQA0LtmDSmMs5VWkmFh+93gB4jVIBaLjX/wUvgLFgtbibiIYGOrXZotsyhmCsGAQiy3DEEWNjZCAoIo+iYbJJ9gcQ7Mu3dm7n1z" +
  "3/z8Nagn80k9+fIuHk8fLJZpPzoRaVCnWVyLOE07u+njenTWyvw0J+Vaf5X0xxFxfSu9f5lj7hrldfYp56c7b9a30l6zTdGdF+VRGh+URfcozXJJXWynzWjl" +
  "V/1UtG68HRVlnTbz/ajo1umk2WUj0l4nVkNN7y+W+zGMGNSzuJL3rnarZ1cfNV980u71h80o7d728LwrZ7dzFpNccu+i5Oii5PhfydfzkqJ162GOs4O8FOU8" +
  "D/r5+Mf07mJZPW33Iu7EdLhYTjuLs7Nvv6vD3NbJx25OXI0/bFSHz+OyV+Uqvoi4Ga/zEf4UzcwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAD/s5N8fb/0G/4Cdt8SdAAAAQA=";

/** QEMU's exit status when the image ran to its end: (0x10 << 1) | 1. */
export const ROM_PASSED = 33;

/** The 64 KiB for `-bios`. */
export function probeRom(): Uint8Array {
  return Bun.gunzipSync(Buffer.from(ROM, "base64"));
}
