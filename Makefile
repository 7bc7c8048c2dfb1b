# `make` builds dist/bin/lima, `make demo` shows it at work, `make test` is the gate. CONTRIBUTING.md has the rest.
.DEFAULT_GOAL := all
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.PHONY: all build demo test lint types shellcheck unit cli vm bench dist install clean tools machine

PREFIX ?= /usr/local
BUN := node_modules/.bin/bun

all: build

# Bun and the npm packages.
tools:
	@.ci/setup.sh bun

# The same and the system's packages: QEMU, mmdebstrap, shellcheck ...
machine:
	@.ci/setup.sh

build: tools
	@$(BUN) .ci/build.ts

demo: machine build
	dist/bin/lima start --tty=false
	dist/bin/lima uname -a
	dist/bin/lima list

# The last line is "N passed, N failed, N skipped", also where the machine cannot be prepared.
test:
	@.ci/setup.sh || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
	@$(BUN) .ci/test.ts

lint types unit: tools
	@$(BUN) .ci/test.ts $@

shellcheck: machine
	@$(BUN) .ci/test.ts $@

cli vm: machine build
	@$(BUN) .ci/test.ts $@

# Prints numbers, asserts none; RUNS=100 for more runs.
bench: machine build
	@$(BUN) test/bench/bench.ts $(RUNS)

# Executables for all systems, with the agent compressed as far as it goes: about a minute and a half.
dist: tools
	@$(BUN) .ci/build.ts dist

# Not stripped: that would make the executable a plain Bun.
install: build
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/lima"
	install -m 755 dist/bin/lima "$(DESTDIR)$(PREFIX)/bin/lima"
	for name in limactl nerdctl.lima docker.lima podman.lima kubectl.lima apptainer.lima; do ln -sf lima "$(DESTDIR)$(PREFIX)/bin/$$name"; done
	install -m 755 dist/share/lima/lima-guestagent.Linux-* "$(DESTDIR)$(PREFIX)/share/lima/"

clean:
	rm -rf dist
