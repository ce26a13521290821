#!/bin/bash
# Whole networks as C, built by gcc and clang and for other processors, against the executor's outputs.
# networks.sh FOLDER [CPU…]: FOLDER/<name>_<processor>/ holds what export --to c --vectors N wrote.
# CPU: host, sanitize, cortex-m3, cortex-m4, aarch64 (default: all).
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?usage: networks.sh FOLDER [CPU...]}
shift
need() { command -v "$1" >/dev/null || { echo "needs $1 (package $2)"; exit 1; }; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
strict="-std=c99 -Wall -Wextra -Werror"
failed=0
told() { # WHAT COMMAND…
  local what=$1 said
  shift
  said=$("$@" 2>&1) || failed=1
  echo "$what: $said"
}
host() { # FOLDER FLAGS
  for compiler in gcc clang; do
    need $compiler $compiler
    $compiler $strict $2 -o "$work/run" "$1"/*.c && told "$(basename "$1") $compiler $2" "$work/run"
  done
}
arm() { # FOLDER CPU BOARD
  need arm-none-eabi-gcc gcc-arm-none-eabi
  need qemu-system-arm qemu-system-arm
  # newlib's int32_t is a long, which its own headers print well
  arm-none-eabi-gcc $strict -O2 -mcpu="$2" -mthumb --specs=rdimon.specs -nostartfiles \
    -ffunction-sections -fdata-sections -Wl,--gc-sections,--no-warn-rwx-segments -T "$here/cortex.ld" \
    -o "$work/run.elf" "$here/cortex.c" "$1"/*.c || failed=1
  arm-none-eabi-gcc -std=c99 -O2 -mcpu="$2" -mthumb -c -o "$work/network.o" "$1/$(basename "$1" | sed 's/_[^_]*$//').c"
  arm-none-eabi-size "$work/network.o" | tail -1 |
    awk -v n="$(basename "$1")" '{ print n ": flash " $1 + $2 ", RAM " $3 " bytes" }'
  told "$(basename "$1") $2" qemu-system-arm -M "$3" -nographic -semihosting -kernel "$work/run.elf"
}
for made in "$folder"/*_*/; do
  made=${made%/}
  cpu=${made##*_}
  flags=-O2
  [ "$cpu" = ssse3 ] && flags="-O2 -mssse3"
  [ "$cpu" = avx2 ] && flags="-O2 -mavx2"
  for wanted in ${*:-host sanitize cortex-m3 cortex-m4 aarch64}; do
    case $wanted in
      host) host "$made" "$flags" ;;
      sanitize) host "$made" "${flags/-O2/-O1} -fsanitize=undefined,address -fno-sanitize-recover" ;;
      cortex-m3) [ "$cpu" = cortex-m3 ] && arm "$made" cortex-m3 mps2-an385 ;;
      cortex-m4) case $cpu in portable | cortex-m4) arm "$made" cortex-m4 mps2-an386 ;; esac ;;
      aarch64)
        need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
        need qemu-aarch64 qemu-user
        case $cpu in
          portable | neon)
            aarch64-linux-gnu-gcc $strict -O2 -static -o "$work/run" "$made"/*.c || failed=1
            told "$(basename "$made") aarch64" qemu-aarch64 "$work/run"
            ;;
        esac
        ;;
    esac
  done
done
exit $failed
