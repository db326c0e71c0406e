# Every target installs what it needs. Recipes use the Node that package.json names.
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
.DEFAULT_GOAL := help
.PHONY: help run test check bench scoreboard simulate fuzz mutations soak gen engines-up engines-down clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

node_modules/.installed: package.json package-lock.json
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

run: node_modules/.installed ## start on http://127.0.0.1:8080 with sample conversations
	@services/cli/main.ts serve --samples

test: node_modules/.installed ## run every test; ends in "N passed, N failed, N skipped"
	@node test/support/run-tiers.ts

check: node_modules/.installed ## formatting, lint, types, generated files
	biome check
	tsc --noEmit
	node schemas/generate.ts --check

bench: node_modules/.installed ## measure against the bare engines, table and JSON; EDITION=standard or enterprise
	@node --max-semi-space-size=4 --disable-warning=TimeoutNegativeWarning test/bench/main.ts $(EDITION)

# What is given on the command line of make is in the environment of the recipes.
scoreboard: node_modules/.installed ## try to break every promise, table and JSON; SEED=, COUNT=, ONLY=a campaign
	@node test/campaign/scoreboard.ts

simulate: node_modules/.installed ## run simulated installations that fail; SEED=, COUNT=, to replay KEEP= and FAULTS=none
	@node test/simulator/main.ts

fuzz: node_modules/.installed ## feed it what no client sends; SEED= and COUNT=
	@ONLY=fuzz node test/campaign/scoreboard.ts

mutations: node_modules/.installed ## put deliberate bugs in, and see each found; SEED= and COUNT=
	@ONLY=deliberate node test/campaign/scoreboard.ts

soak: node_modules/.installed ## load, searches and every role for MINUTES=10 at RATE=2000, then the highest rate
	@node test/soak/main.ts

gen: node_modules/.installed ## write schemas/generated from schemas
	node schemas/generate.ts

engines-up: node_modules/.installed ## start a Kafka and an Elasticsearch of this project, for trials and tests
	@node infra/engines/up.ts

engines-down: node_modules/.installed ## stop them; what they keep in .engines stays
	@node infra/engines/down.ts

clean: ## remove what was installed and generated here, never ./data
	@[ ! -e .engines/running.json ] || { echo 'engines run: make engines-down' >&2; exit 1; }
	rm -rf node_modules test-results .engines
