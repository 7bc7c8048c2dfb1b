; The smallest guest that tells whether an accelerator really runs code: a 64 KiB firmware image for `-bios`.
;
; It walks from the reset vector through real mode (prints R) into long mode with paging (L), takes 200 breakpoint
; exceptions with a reload of CR3 before each (B), has a page fault handled (P), and leaves through isa-debug-exit.
; A virtualised host whose KVM only pretends stops somewhere on this way; QEMU's exit status is 33 ((0x10 << 1) | 1)
; exactly when all of it worked.
;
; The text in ../probe-rom.ts:  nasm -f bin -o rom.bin rom.asm && gzip -9n < rom.bin | base64 -w0

DEBUG_PORT      equ 0xe9        ; isa-debugcon
EXIT_PORT       equ 0xf4        ; isa-debug-exit
CODE            equ 0x8000      ; in RAM: where the 64-bit part runs
PML4            equ 0x1000      ; one table a page, up to the page directory
PDPT            equ 0x2000
PD              equ 0x3000
IDT             equ 0x5000
STACK           equ 0x7c00
UNMAPPED        equ 0x400000    ; 4 MiB: the third 2 MiB page, filled in by the page fault handler
PRESENT_WRITE   equ 0x03
HUGE_PAGE       equ 0x83        ; present, writable, 2 MiB

bits 16
org 0
start:
  cli
  cld
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov sp, STACK
  mov al, 'R'
  out DEBUG_PORT, al

  ; Page tables: only the first 2 MiB are mapped, one to one.
  mov edi, PML4
  xor eax, eax
  mov ecx, 3 * 0x1000 / 4
  a32 rep stosd
  mov dword [PML4], PDPT | PRESENT_WRITE
  mov dword [PDPT], PD | PRESENT_WRITE
  mov dword [PD], HUGE_PAGE

  push cs
  pop ds
  mov esi, blob
  mov edi, CODE
  mov ecx, blob_end - blob
  a32 rep movsb
  push es
  pop ds

  mov eax, PML4
  mov cr3, eax
  mov eax, cr4
  or eax, 1 << 5                ; PAE
  mov cr4, eax
  mov ecx, 0xc0000080           ; EFER
  rdmsr
  or eax, 1 << 8                ; LME
  wrmsr
  o32 lgdt [CODE + gdt_pointer - blob]
  mov eax, cr0
  or eax, (1 << 31) | 1         ; PG, PE
  mov cr0, eax
  jmp dword 8:CODE + long_mode - blob

blob:
bits 64
long_mode:
  mov ax, 16
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov al, 'L'
  out DEBUG_PORT, al

  mov rdi, IDT
  xor eax, eax
  mov ecx, 0x1000 / 8
  rep stosq
  lea rax, [rel on_breakpoint]
  mov [IDT + 3 * 16], ax
  mov word [IDT + 3 * 16 + 2], 8
  mov word [IDT + 3 * 16 + 4], 0x8e00
  lea rax, [rel on_page_fault]
  mov [IDT + 14 * 16], ax
  mov word [IDT + 14 * 16 + 2], 8
  mov word [IDT + 14 * 16 + 4], 0x8e00
  lidt [rel idt_pointer]

  mov ecx, 200
.again:
  mov rax, cr3
  mov cr3, rax
  int3
  loop .again
  mov al, 'B'
  out DEBUG_PORT, al

  mov rax, [UNMAPPED]
  mov al, 'P'
  out DEBUG_PORT, al

  mov al, 0x10
  out EXIT_PORT, al
.halt:
  hlt
  jmp .halt

on_breakpoint:
  iretq

on_page_fault:
  mov dword [PD + 2 * 8], HUGE_PAGE
  add rsp, 8                    ; the error code
  iretq

align 8
gdt:
  dq 0
  dq 0x00209A0000000000         ; 8: 64-bit code
  dq 0x0000920000000000         ; 16: data
gdt_pointer:
  dw gdt_pointer - gdt - 1
  dd CODE + gdt - blob
idt_pointer:
  dw 0xfff
  dq IDT
blob_end:

times 0xfff0 - ($ - $$) db 0
bits 16
  jmp 0xf000:start              ; the reset vector
times 0x10000 - ($ - $$) db 0
