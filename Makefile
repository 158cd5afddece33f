# make run   see the product working on the example organisation
# make test  pass every test
# The other targets are for builders: see CONTRIBUTING.md.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
BIN := bin/diapason
WEB_SOURCES := $(shell find web/src web/public web/index.html web/package.json web/vite.config.ts web/tsconfig.json -type f 2>/dev/null)
LISTEN ?= 127.0.0.1:8321
export CGO_ENABLED ?= 0

.PHONY: run build test test-go test-race test-web test-browser check bench fuzz endure generated clean

run: build
	@./$(BIN) serve --example --listen $(LISTEN)

build: $(BIN)

# Go's own cache decides what is compiled again; the web application is part of the program.
$(BIN): web/dist/index.html FORCE
	@echo "· building the program (the first time takes a few minutes)"
	@go build -trimpath -o $@ ./cmd/diapason
FORCE:

web/node_modules/.package-lock.json: web/package-lock.json
	@scripts/need go node
	@echo "· installing the web application's packages"
	@npm --prefix web ci --no-audit --no-fund --loglevel=error
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_SOURCES)
	@echo "· building the web application"
	@npm --prefix web run --silent build

test: check test-go test-race test-web test-browser
	@echo "· everything passed"

test-go: web/dist/index.html
	@scripts/need postgres strace prometheus alertmanager
	@echo "· Go tests"
	@DIAPASON_REQUIRE_POSTGRES=1 DIAPASON_REQUIRE_STRACE=1 DIAPASON_REQUIRE_PROMETHEUS=1 go test -timeout 20m ./...

# The race detector needs cgo; the packages are those where goroutines meet.
test-race: web/dist/index.html
	@scripts/need gcc
	@echo "· Go tests with the race detector"
	@CGO_ENABLED=1 go test -race -short -timeout 20m ./internal/store/sqlite ./internal/app/... ./internal/identity

test-web: web/node_modules/.package-lock.json
	@echo "· web tests"
	@npm --prefix web test --silent

test-browser: build
	@scripts/need chromium
	@echo "· journeys in a browser"
	@scripts/browser-tests

check: web/dist/index.html
	@scripts/need go node
	@scripts/check

generated:
	@scripts/generated

bench: build
	@scripts/bench $(PARTS)

FUZZTIME ?= 60s
fuzz:
	@scripts/fuzz $(FUZZTIME)

endure:
	@scripts/need postgres strace
	@DIAPASON_ENDURE=200 DIAPASON_REQUIRE_POSTGRES=1 go test -count=1 -timeout 3h -run 'Kill|Crash|Endur' -v ./internal/store/... | grep -E '^(=== RUN|--- |ok|FAIL|PASS)'

clean:
	@rm -rf bin web/node_modules web/dist/assets web/dist/index.html
