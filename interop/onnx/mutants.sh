#!/usr/bin/env bash
# Reads mutated ONNX files: mutants.sh [COUNT [SEED]], 200,000 unless told otherwise; says how many of the reader's lines
# that reached; then calls what they become in processes of its own, and goes on where it was stopped. ONNX's node tests
# are mutated too where NARROWS_DATA has them.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
./narrows test -q -B -Pcoverage -pl network -am -Dtest=OnnxMutantsTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dnarrows.mutants="${1:-200000}" -Dnarrows.seed="${2:-20261128}"
awk -F, '
  $2 ~ "^dev.narrows.network.onnx.(graph|fold|read)$" { missed += $8; covered += $9 }
  END { printf "the reader: %d of %d lines reached, %.1f %%\n", covered, missed + covered, 100 * covered / (missed + covered) }
' network/target/site/jacoco/jacoco.csv
./narrows test -q -B -pl hosted -am -Dtest=HostedMutantsTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dnarrows.mutants="${1:-200000}" -Dnarrows.seed="${2:-20261128}"
