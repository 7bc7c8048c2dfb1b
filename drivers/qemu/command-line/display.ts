import { virtio, type Plan } from "./plan.ts";
import type { ArgumentList } from "./arguments.ts";

/** No screen by default; with one, also a graphics card, a keyboard and a pointer. */
export function displayArguments(list: ArgumentList, plan: Plan): void {
  const { display, vnc } = plan.config.video;
  const isVnc = display === "vnc";
  list.once("-display", isVnc ? `vnc=${vnc.display},password=on` : display);
  if (display === "none") {
    list.once("-vga", "none");
    return;
  }
  list.add("-device", plan.arch === "x86_64" ? "virtio-vga" : virtio(plan.arch, "gpu"));
  list.add("-device", virtio(plan.arch, "keyboard"));
  // A VNC viewer knows where the pointer is, not how far it moved.
  list.add("-device", virtio(plan.arch, isVnc ? "tablet" : "mouse"));
}
