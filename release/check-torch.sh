#!/usr/bin/env bash
# Tests narrows.torch in an environment of its own: PyTorch is too large for every check.
#   release/check-torch.sh [FOLDER]      (the environment stays in FOLDER, by default target/torch)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
env=${1:-$root/target/torch}
if [ ! -x "$env/bin/python" ]; then
  python3 -m venv "$env"
fi
"$env/bin/python" -c 'import numpy, onnx, onnxscript, pytest, torch' 2>/dev/null ||
  "$env/bin/pip" install --quiet numpy pytest torch onnx onnxscript
PYTHONPATH=$root/python "$env/bin/python" -m pytest --quiet "$root/python/tests/test_torch.py"
