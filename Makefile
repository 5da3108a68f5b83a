# Two commands are enough: `make run` and `make test`. Each does its own set-up.
.PHONY: run test check bench lab setup-run setup-dev clean
.DEFAULT_GOAL := run

VENV := .venv
export PYTHONSAFEPATH = 1
unexport PYTHONPATH

run: setup-run          ## the main job on this machine, for real: ONCE=1 ends after one survey, PORT=… chooses the port
	@$(VENV)/bin/pantau-collector --state .run/collector demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

test: setup-dev         ## the whole suite, real parts included
	@sh .ci/packages.sh
	@$(VENV)/bin/python .ci/test.py

check: setup-dev        ## format, lint, strict types
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy

bench: setup-dev        ## the budgets of DESIGN 11
	@sh .ci/packages.sh
	@$(VENV)/bin/python -m tests.bench

lab: setup-dev          ## the checks on real booted hosts: a good one, one by the old guides, an attacked one
	@sh .ci/lab-packages.sh
	@$(VENV)/bin/python -m tests.lab

setup-run:
	@sh .ci/venv.sh run

setup-dev:
	@sh .ci/venv.sh dev

clean:
	rm -rf $(VENV) .run
