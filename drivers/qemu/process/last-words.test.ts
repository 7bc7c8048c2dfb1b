import { describe, expect, test } from "bun:test";
import { translateLastWords, type LastWordsContext } from "./last-words.ts";

const context: LastWordsContext = { instance: "a", sshLocalPort: 60022, portOwner: () => "nginx (pid 7)", ending: "status 1", logPath: "/l/a/qemu.stderr.log" };

describe("translateLastWords()", () => {
  test.each([
    ["qemu-system-x86_64: -netdev user,id=net0,net=192.168.5.0/24,hostfwd=tcp:127.0.0.1:60022-:22: Could not set up host forwarding rule 'tcp:127.0.0.1:60022-:22'", "SSH_PORT_TAKEN", "cannot use ssh port 60022: it is taken by nginx (pid 7)"],
    ['qemu-system-x86_64: -device virtio-blk-pci,drive=boot-disk: Failed to get "write" lock\nIs another process using the image [/l/a/diffdisk]?', "DISK_IN_USE", 'cannot start instance "a": another process uses its disk'],
    ["Could not access KVM kernel module: Permission denied\nqemu-system-x86_64: failed to initialize kvm: Permission denied", "KVM_DENIED", "cannot use kvm: Permission denied"],
    ["qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory", "MEMORY", "cannot get the guest's memory: Cannot allocate memory"],
    ["qemu-system-x86_64: unable to find CPU model 'foo'", "CPU_TYPE", 'cannot use CPU type "foo": this QEMU does not know it'],
    ["qemu-system-x86_64: -netdev user,id=net0: network backend 'user' is not compiled into this binary", "QEMU_WITHOUT_SLIRP", "cannot give the guest a network: this QEMU was built without user networking (slirp)"],
    ["qemu-system-x86_64: -drive if=pflash: Could not open '/usr/share/OVMF/OVMF_CODE.fd': No such file or directory", "FILE_UNREADABLE", 'cannot open "/usr/share/OVMF/OVMF_CODE.fd": No such file or directory'],
  ])("knows %p", (stderr, code, message) => {
    const error = translateLastWords(`qemu-system-x86_64: warning: something else\n${stderr}\n`, context);
    expect([error.code, error.message]).toEqual([code, message]);
  });

  test("gives QEMU's last words when it does not know them, warnings left out", () => {
    const error = translateLastWords("qemu-system-x86_64: -foo: invalid option\nqemu-system-x86_64: warning: host lacks x", context);
    expect([error.code, error.message, error.hint]).toEqual(["QEMU_FAILED", 'cannot start instance "a": QEMU ended with status 1: -foo: invalid option', "see /l/a/qemu.stderr.log"]);
    expect(translateLastWords("", { ...context, ending: "signal SIGSEGV" }).message).toBe('cannot start instance "a": QEMU ended with signal SIGSEGV');
  });
});
