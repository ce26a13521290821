#!/usr/bin/env bash
# Reads mutated TFLite files: mutants.sh [COUNT [SEED]], 200,000 unless told otherwise.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
mvn -q -B test -pl network -am -Dtest=MutantsTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dnarrows.mutants="${1:-200000}" -Dnarrows.seed="${2:-20261122}"
