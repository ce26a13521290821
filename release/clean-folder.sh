# For scripts that try a release where nothing is installed: a folder with a bare Debian, no JDK, no
# Maven, no Python packages but pip's. Sourced, with $root set; needs root, debootstrap and unshare.

suite=${NARROWS_SUITE:-bookworm}

# clean_folder FOLDER: a new one, copied from a base that is made once and kept under target/.
clean_folder() {
  local base=${NARROWS_CLEAN_BASE:-$root/target/clean-$suite}
  if [ "$(id -u)" -ne 0 ] || ! command -v debootstrap >/dev/null; then
    echo "narrows: a clean folder needs root and debootstrap (Debian: apt install debootstrap)" >&2
    exit 1
  fi
  if [ ! -e "$base/.made" ]; then
    rm -rf "$base"
    debootstrap --variant=minbase --include=python3-venv "$suite" "$base" >&2
    touch "$base/.made"
  fi
  cp -a --reflink=auto "$base" "$1"
  mkdir -p "$1/home/user"
}

# inside FOLDER WORD…: runs a command there as an ordinary user, without a network. $shm and $tmp
# say how large /dev/shm and /tmp are.
inside() {
  unshare --mount --net --pid --fork bash -euc '
    folder=$1; shift
    mount -t proc proc "$folder/proc"
    mkdir -p "$folder/dev/shm"
    mount -t tmpfs -o size="'"${shm:-1g}"'",mode=1777 tmpfs "$folder/dev/shm"
    mount -t tmpfs -o size="'"${tmp:-1g}"'",mode=1777 tmpfs "$folder/tmp"
    cd "$folder"
    exec chroot --userspec=1000:1000 "$folder" \
      /usr/bin/env -i HOME=/home/user PATH=/usr/bin:/bin sh -euc "cd; exec \"\$@\"" sh "$@"' \
    bash "$@"
}
