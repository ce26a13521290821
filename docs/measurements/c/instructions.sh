#!/bin/bash
# Instructions per multiply-accumulate of a dense layer of 1024 codes and 64 rows, counted by QEMU.
# instructions.sh FOLDER: FOLDER/<name>_<processor>/ holds what export --to c wrote.
set -e
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: instructions.sh FOLDER}
need() { command -v "$1" >/dev/null || { echo "needs $1 (package $2)"; exit 1; }; }
need arm-none-eabi-gcc gcc-arm-none-eabi
need qemu-system-arm qemu-system-arm
need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
need qemu-aarch64 qemu-user
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arm() { # NETWORK PROCESSOR-OF-KERNELS CPU BOARD
  local made=$folder/$1_$2
  arm-none-eabi-gcc -std=c99 -O2 -mcpu="$3" -mthumb -DNET="$1" -DMACS=65536 --specs=rdimon.specs \
    -nostartfiles -I "$made" -T "$here/cortex.ld" -o "$work/run.elf" "$here/cortex.c" \
    "$here/ticks.c" "$made/$1.c" -lm
  echo "$3, kernels for $2: $(qemu-system-arm -M "$4" -nographic -semihosting -icount shift=0 \
    -kernel "$work/run.elf")"
}
aarch64() { # NETWORK PROCESSOR-OF-KERNELS FLAGS
  local made=$folder/$1_$2 once twice
  aarch64-linux-gnu-gcc -std=c99 -O2 -static $3 -DNET="$1" -I "$made" -o "$work/run" \
    "$here/runs.c" "$made/$1.c"
  once=$(qemu-aarch64 -singlestep -d nochain,exec -D /dev/stdout "$work/run" 1 | grep -c '^Trace')
  twice=$(qemu-aarch64 -singlestep -d nochain,exec -D /dev/stdout "$work/run" 1 2 | grep -c '^Trace')
  echo "AArch64, kernels for $2 $3: $1: $(awk "BEGIN { printf \"%.3f\", ($twice - $once) / 65536 }")"
}
for network in ${NETWORKS:-dense2 dense20}; do
  arm "$network" portable cortex-m3 mps2-an385
  arm "$network" cortex-m3 cortex-m3 mps2-an385
  arm "$network" portable cortex-m4 mps2-an386
  arm "$network" cortex-m3 cortex-m4 mps2-an386
  arm "$network" cortex-m4 cortex-m4 mps2-an386
  aarch64 "$network" portable ""
  aarch64 "$network" neon "-DNARROWS_WIDE"
  aarch64 "$network" neon ""
done
