#!/usr/bin/env bash
# Tests release/Containerfile without an engine: its steps run in a folder with a bare Debian, in
# turn, and then its entry point on a model.
#   release/check-container.sh MODEL     (after ./narrows package tool; as root, with debootstrap)
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
. "$root/release/clean-folder.sh"
[ $# -eq 1 ] || { echo "usage: release/check-container.sh MODEL" >&2; exit 2; }
context=$root/target/release
NAME=$(cat "$context/tool.name")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
image=$work/image
clean_folder "$image"
rmdir "$image/home/user"
environment=() entry=() folder=/ user=root
fail() { echo "narrows: Containerfile, \"$1\": $2" >&2; exit 1; }

# in_image WORD…: as the recipe's user, in its folder, with its environment
in_image() {
  unshare --mount --net --pid --fork bash -euc '
    image=$1 user=$2 folder=$3; shift 3
    mount -t proc proc "$image/proc"
    exec chroot --userspec="$user" "$image" /usr/bin/env -i -C "$folder" \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"' \
    bash "$image" "$user" "$folder" ${environment[@]+"${environment[@]}"} "$@"
}

# the words of ["a", "b"], one a line
words() { python3 -c 'import json, sys; print("\n".join(json.loads(sys.argv[1])))' "$1"; }

while IFS= read -r line; do
  case $line in
    '' | '#'*) continue ;;
  esac
  step=${line%% *} rest=${line#* }
  case $step in
    FROM) [ "$rest" = "debian:$suite-slim" ] || fail "$line" "the clean folder is Debian $suite" ;;
    ARG) [ "$rest" = NAME ] || fail "$line" "an argument that this script does not know" ;;
    ADD)
      file=$context/${rest% *}
      file=${file//'${NAME}'/$NAME}
      [ -f "$file" ] || fail "$line" "there is no $file"
      mkdir -p "$image/${rest##* }"
      tar -xzf "$file" -C "$image/${rest##* }" --no-same-owner
      ;;
    RUN) in_image sh -c "$rest" || fail "$line" "failed" ;;
    ENV) environment+=("$rest") ;;
    USER) user=$rest:$rest ;;
    WORKDIR) folder=$rest; mkdir -p "$image/$rest" ;;
    ENTRYPOINT) mapfile -t entry < <(words "$rest") ;;
    CMD) mapfile -t default < <(words "$rest") ;;
    *) fail "$line" "a step that this script does not know" ;;
  esac
done <"$root/release/Containerfile"

cp "$1" "$image/$folder/model.tflite"
in_image "${entry[@]}" "${default[@]}" >"$work/help"
grep -q analyze "$work/help"
in_image "${entry[@]}" analyze model.tflite --target 16 >"$work/verdict" || [ $? -eq 3 ]
head -n 1 "$work/verdict"
du -sm "$image/opt" | sed 's/\t.*/ MB beside Debian/'
