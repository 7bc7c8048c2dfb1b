import { describe, expect, test } from "bun:test";
import type { Arch } from "../../../lib/config/schema.ts";
import { buildCommandLine } from "./build.ts";
import { hasPciSerial, type Plan } from "./plan.ts";
import { acceleratorOf } from "./read.ts";

const INST = "/home/u/.lima/default";

function plan(over: Partial<Plan> = {}): Plan {
  const made: Plan = {
    name: "default",
    arch: "x86_64",
    config: { cpus: 2, memory: 2 ** 31, video: { display: "none", vnc: { display: "127.0.0.1:0,to=9" } } },
    leading: [],
    version: { major: 7, minor: 2, micro: 22 },
    accelerator: "tcg",
    cpuType: undefined,
    boot: { kind: "uefi", firmware: { path: "/usr/share/OVMF/OVMF_CODE.fd", as: "pflash" } },
    disk: { path: `${INST}/diffdisk`, format: "qcow2" },
    iso: undefined,
    sshLocalPort: 60022,
    mac: "52:55:55:aa:bb:cc",
    files: {
      cidata: `${INST}/cidata.iso`, pid: `${INST}/qemu.pid`, serialLog: `${INST}/serial.log`, serialPciLog: `${INST}/serialp.log`, serialVirtioLog: `${INST}/serialv.log`,
    },
    sockets: {
      qmp: `${INST}/qmp.sock`, agent: `${INST}/ga.sock`, boot: `${INST}/boot.sock`, serial: `${INST}/serial.sock`, serialVirtio: `${INST}/serialv.sock`,
    },
    ...over,
  };
  return hasPciSerial(made.arch) ? { ...made, sockets: { ...made.sockets, serialPci: `${INST}/serialp.sock` } } : made;
}

/** The words as `-option value` lines. */
function lines(over: Partial<Plan> = {}): string[] {
  return buildCommandLine(plan(over)).words.join(" ").split(/ (?=-[a-z])/);
}

function only(over: Partial<Plan>, option: string): string[] {
  return lines(over).filter((line) => line.startsWith(`${option} `));
}

describe("buildCommandLine()", () => {
  test("x86_64 with UEFI, emulated: the whole list", () => {
    expect(lines()).toEqual([
      "-nodefaults",
      "-m 2048",
      "-cpu max,cx16=off",
      "-machine q35,vmport=off",
      "-accel tcg,thread=multi,tb-size=512",
      "-global ICH9-LPC.disable_s3=1",
      "-global ICH9-LPC.disable_s4=1",
      "-smp 2,sockets=1,cores=2,threads=1",
      "-drive if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE.fd",
      "-boot order=c,splash-time=0,menu=on",
      "-drive file=/home/u/.lima/default/diffdisk,if=none,id=boot-disk,format=qcow2,discard=on",
      "-device virtio-blk-pci,drive=boot-disk,bootindex=1",
      "-device virtio-scsi-pci,id=scsi0",
      "-drive id=cdrom0,if=none,format=raw,readonly=on,file=/home/u/.lima/default/cidata.iso",
      "-device scsi-cd,bus=scsi0.0,drive=cdrom0",
      "-netdev user,id=net0,net=192.168.5.0/24,dhcpstart=192.168.5.15,hostfwd=tcp:127.0.0.1:60022-:22",
      "-device virtio-net-pci,netdev=net0,mac=52:55:55:aa:bb:cc,romfile=",
      "-device virtio-rng-pci",
      "-display none",
      "-vga none",
      "-chardev socket,id=char-serial,path=/home/u/.lima/default/serial.sock,server=on,wait=off,logfile=/home/u/.lima/default/serial.log",
      "-serial chardev:char-serial",
      "-device virtio-serial-pci,id=virtio-serial0",
      "-chardev socket,id=char-serial-virtio,path=/home/u/.lima/default/serialv.sock,server=on,wait=off,logfile=/home/u/.lima/default/serialv.log",
      "-device virtconsole,bus=virtio-serial0.0,chardev=char-serial-virtio,id=console0",
      "-chardev socket,id=char-agent,path=/home/u/.lima/default/ga.sock,server=on,wait=off",
      "-device virtserialport,bus=virtio-serial0.0,nr=1,chardev=char-agent,name=io.lima-vm.guest_agent.0",
      "-chardev socket,id=char-boot,path=/home/u/.lima/default/boot.sock,server=on,wait=off",
      "-device virtserialport,bus=virtio-serial0.0,nr=2,chardev=char-boot,name=io.lima-vm.boot.0",
      "-chardev socket,id=char-qmp,path=/home/u/.lima/default/qmp.sock,server=on,wait=off",
      "-qmp chardev:char-qmp",
      "-name lima-default",
      "-pidfile /home/u/.lima/default/qemu.pid",
    ]);
  });

  test("under kvm the host's CPU is passed through", () => {
    expect([...only({ accelerator: "kvm" }, "-accel"), ...only({ accelerator: "kvm" }, "-cpu")]).toEqual(["-accel kvm", "-cpu host"]);
    expect(only({ accelerator: "kvm", cpuType: "Haswell,-tsx" }, "-cpu")).toEqual(["-cpu Haswell,-tsx"]);
  });

  test("a CPU type that needs an accelerator is replaced, with a warning, where there is none", () => {
    expect(only({ cpuType: "host" }, "-cpu")).toEqual(["-cpu max,cx16=off"]);
    expect(buildCommandLine(plan({ cpuType: "host" })).warnings).toEqual(['CPU type "host" needs an accelerator, using "max,cx16=off" instead']);
  });

  test.each<[Arch, string, string, string[]]>([
    ["aarch64", "-machine virt", "-cpu max,pauth-impdef=on", ["-serial chardev:char-serial", "-device pci-serial,chardev=char-serial-pci"]],
    ["armv7l", "-machine virt", "-cpu max", ["-device pci-serial,chardev=char-serial-pci"]],
    ["riscv64", "-machine virt", "-cpu rv64", ["-device virtio-blk-pci,drive=boot-disk,bootindex=1"]],
    ["ppc64le", "-machine pseries", "-cpu max", ["-device virtio-net-pci,netdev=net0,mac=52:55:55:aa:bb:cc,romfile="]],
    ["s390x", "-machine s390-ccw-virtio", "-cpu max", [
      "-device virtio-blk-ccw,drive=boot-disk,bootindex=1", "-device virtio-scsi-ccw,id=scsi0", "-device virtio-net-ccw,netdev=net0,mac=52:55:55:aa:bb:cc", "-device virtio-rng-ccw", "-device virtio-serial-ccw,id=virtio-serial0",
    ]],
  ])("%s has its own machine and devices", (arch, machine, cpu, devices) => {
    const all = lines({ arch });
    for (const line of [machine, cpu, ...devices, "-accel tcg,thread=multi,tb-size=512"]) expect(all).toContain(line);
    expect(all.join(" ")).not.toContain("ICH9");
    expect(all.some((line) => line.startsWith("-boot"))).toBe(arch !== "s390x");
  });

  test("riscv64 boots from the device tree where QEMU knows how to leave ACPI out", () => {
    expect(only({ arch: "riscv64", version: { major: 8, minor: 2, micro: 0 } }, "-machine")).toEqual(["-machine virt,acpi=off"]);
    expect(only({ arch: "riscv64", version: { major: 8, minor: 2, micro: 0 } }, "-cpu")).toEqual(["-cpu max"]);
  });

  test("a firmware that is no flash image goes in by -bios; legacy BIOS is QEMU's own", () => {
    const boot = { kind: "uefi", firmware: { path: "/usr/share/qemu-efi-aarch64/QEMU_EFI.fd", as: "bios" } } as const;
    expect(only({ arch: "aarch64", boot }, "-bios")).toEqual(["-bios /usr/share/qemu-efi-aarch64/QEMU_EFI.fd"]);
    expect(lines({ boot: { kind: "builtin" } }).join(" ")).not.toMatch(/pflash|-bios/);
  });

  test("a kernel of its own is booted without firmware, its command line one word", () => {
    const { words } = buildCommandLine(plan({ boot: { kind: "kernel", kernel: `${INST}/kernel`, initrd: `${INST}/initrd`, cmdline: "root=/dev/vda1 ro console=ttyS0,115200" } }));
    const at = words.indexOf("-kernel");
    expect(words.slice(at, at + 6)).toEqual(["-kernel", `${INST}/kernel`, "-append", "root=/dev/vda1 ro console=ttyS0,115200", "-initrd", `${INST}/initrd`]);
    expect(words.join(" ")).not.toContain("pflash");
    expect(only({ boot: { kind: "kernel", kernel: "/k" } }, "-append")).toEqual([]);
  });

  test("an ISO is booted first, and no bootindex overrules it", () => {
    const x86 = lines({ iso: `${INST}/basedisk` });
    expect(x86).toContain("-boot order=d,splash-time=0,menu=on");
    expect(x86).toContain("-drive file=/home/u/.lima/default/basedisk,format=raw,media=cdrom,readonly=on");
    expect(x86).toContain("-device virtio-blk-pci,drive=boot-disk");
    // The other machines have no IDE: the ISO shares the SCSI bus with cidata.iso.
    const arm = lines({ arch: "aarch64", iso: `${INST}/basedisk` });
    expect(arm).toContain("-device scsi-cd,bus=scsi0.0,drive=cdrom1,bootindex=0");
  });

  test("commas in paths are doubled where QEMU splits at them, and only there", () => {
    const all = buildCommandLine(plan({
      boot: { kind: "kernel", kernel: "/a,b/kernel" },
      disk: { path: "/a,b/disk", format: "raw" },
      iso: "/a,b/iso",
      files: { cidata: "/a,b/cidata.iso", pid: "/a,b/qemu.pid", serialLog: "/a,b/serial.log", serialPciLog: "", serialVirtioLog: "" },
    })).words;
    expect(all).toContain("file=/a,,b/disk,if=none,id=boot-disk,format=raw,discard=on");
    expect(all).toContain("file=/a,,b/iso,format=raw,media=cdrom,readonly=on");
    expect(all).toContain("id=cdrom0,if=none,format=raw,readonly=on,file=/a,,b/cidata.iso");
    expect(all.find((word) => word.includes("id=char-serial,"))).toEndWith("logfile=/a,,b/serial.log");
    expect(all).toContain("/a,b/kernel");
    expect(all).toContain("/a,b/qemu.pid");
  });

  test("a VNC display has a password, a screen and a tablet; another display a mouse", () => {
    const config = (display: string) => ({ cpus: 2, memory: 2 ** 31, video: { display, vnc: { display: "127.0.0.1:0,to=9" } } });
    const vnc = lines({ config: config("vnc") });
    for (const line of ["-display vnc=127.0.0.1:0,to=9,password=on", "-device virtio-vga", "-device virtio-keyboard-pci", "-device virtio-tablet-pci"]) expect(vnc).toContain(line);
    expect(vnc).not.toContain("-vga none");
    expect(lines({ config: config("gtk") })).toContain("-device virtio-mouse-pci");
    expect(lines({ arch: "aarch64", config: config("gtk") })).toContain("-device virtio-gpu-pci");
  });
});

describe("arguments from the environment", () => {
  test("stand first and win over generated ones of the same key, with a warning each", () => {
    const { words, warnings } = buildCommandLine(plan({ leading: ["-m", "512", "--cpu", "qemu64", "-M", "q35,accel=kvm", "-device", "virtio-balloon"] }));
    expect(words.slice(0, 8)).toEqual(["-m", "512", "--cpu", "qemu64", "-M", "q35,accel=kvm", "-device", "virtio-balloon"]);
    for (const option of ["-cpu", "-machine", "-accel", "-global"]) expect(words.slice(8)).not.toContain(option);
    expect(words.slice(8)).not.toContain("-m");
    expect(words.slice(8)).toContain("virtio-rng-pci");
    expect(warnings).toEqual([
      'QEMU argument "-m 2048" is left out: "-m 512" was given in the environment',
      'QEMU argument "-cpu max,cx16=off" is left out: "-cpu qemu64" was given in the environment',
      'QEMU argument "-machine q35,vmport=off" is left out: "-machine q35,accel=kvm" was given in the environment',
    ]);
  });

  test("do not touch the pid file: the instance's process is known by it", () => {
    expect(buildCommandLine(plan({ leading: ["-pidfile", "/tmp/x"] })).words.slice(-2)).toEqual(["-pidfile", `${INST}/qemu.pid`]);
  });
});

test("acceleratorOf() reads both spellings", () => {
  expect(acceleratorOf(buildCommandLine(plan()).words)).toBe("tcg");
  expect(acceleratorOf(["qemu", "-accel", "kvm"])).toBe("kvm");
  expect(acceleratorOf(["qemu", "-machine", "q35,accel=hvf", "-m", "1"])).toBe("hvf");
  expect(acceleratorOf(["qemu", "-M", "q35"])).toBe("tcg");
});
