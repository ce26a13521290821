#!/usr/bin/env bash
# Runs ONNX's node tests and writes docs/results/onnx-node-tests.{csv,md}: node-tests.sh FOLDER, which is
# onnx/backend/test/data/node of onnx 1.22.0 (PyPI). What ONNX Runtime does not pass is in runtime-node-tests.csv,
# made by runtime_node_tests.py.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
./narrows test -q -B -pl hosted -am -Dtest=NodeTestsTest -Dsurefire.failIfNoSpecifiedTests=false \
  -Dnarrows.onnx="$(readlink -f "$1")"
