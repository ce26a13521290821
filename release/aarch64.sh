#!/usr/bin/env bash
# The release on AArch64, emulated by qemu-user: Debian's JDK for that processor makes the archive; in a
# folder without a JDK the archive gives a model's verdict, which must be this machine's to the digit;
# and chosen tests compare kernels with the reference there, bit for bit.
#   release/aarch64.sh MODEL [archive|verdict|tests]…    (after ./narrows package tool; all by default)
# Needs Debian's apt, qemu-user-static and Linux 6.7 or newer, where a namespace may have formats of
# programs of its own; no root, and nothing outside target/aarch64 changes. NARROWS_CPU chooses the
# processor: neoverse-n1 has vectors of 128 bits; max,sve512=on has longer ones.
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
[ $# -ge 1 ] || { sed -n '5s/^# *//p' "$0" >&2; exit 2; }
model=$(readlink -f "$1")
shift
parts=" ${*:-archive verdict tests} "
work=$root/target/aarch64
java=/usr/lib/jvm/java-25-openjdk-arm64/bin/java
cpu=${NARROWS_CPU:-neoverse-n1}

die() { echo "narrows: $1" >&2; exit 1; }
qemu=$(command -v qemu-aarch64-static) || die "qemu-aarch64-static is missing (Debian: apt install qemu-user-static)"
[ -r "$model" ] || die "$model cannot be read"
here=$(cat "$root/target/release/tool.name" 2>/dev/null) || die "there is no release: run ./narrows package tool"

# mirror: where this machine gets Debian's packages from, or NARROWS_MIRROR.
mirror() {
  local known
  known=$(apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' | awk '!/security/ && !n++')
  [ -n "${NARROWS_MIRROR:-$known}" ] || die "apt knows no mirror of Debian: name one in NARROWS_MIRROR"
  echo "${NARROWS_MIRROR:-$known}"
}

# fetch: $work/jdk with Debian's JDK, $work/clean without; apt keeps its own lists and packages there.
fetch() {
  local apt=$work/apt package from
  from=$(mirror)
  mkdir -p "$apt/lists/partial" "$apt/archives/partial" "$apt/none"
  : >"$apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $from trixie main" >"$apt/sources.list"
  cat >"$apt/conf" <<CONF
APT::Architecture "arm64"; APT::Architectures { "arm64"; }; APT::Install-Recommends "false";
APT::Sandbox::User ""; Acquire::Languages "none";
Dir::State "$apt"; Dir::State::lists "lists"; Dir::State::status "$apt/status";
Dir::Cache "$apt"; Dir::Cache::archives "archives";
Dir::Etc::SourceList "$apt/sources.list"; Dir::Etc::SourceParts "$apt/none"; Dir::Etc::Parts "$apt/none";
Dir::Etc::Preferences "$apt/none/preferences"; Dir::Etc::PreferencesParts "$apt/none";
CONF
  APT_CONFIG=$apt/conf apt-get -qq update
  APT_CONFIG=$apt/conf apt-get -qq -y --download-only install \
    base-files dash bash coreutils grep sed tar gzip util-linux git openjdk-25-jdk-headless >/dev/null
  rm -rf "$work/jdk" "$work/clean"
  mkdir "$work/jdk" "$work/clean"
  for package in "$apt"/archives/*.deb; do
    dpkg-deb --extract "$package" "$work/jdk"
    case $package in
      */openjdk-*) ;;
      *) dpkg-deb --extract "$package" "$work/clean" ;;
    esac
  done
  for each in jdk clean; do mkdir -p "$work/$each"/{proc,dev,tmp,narrows,work}; done
  touch "$work/.fetched"
}

# emulated FOLDER WORD…: runs a command in it without a network; the checkout is /narrows, $work/files is /work.
emulated() {
  mkdir -p "$work/files"
  unshare --user --map-root-user --mount --net --pid --fork bash -euc '
    folder=$1 root=$2 qemu=$3 cpu=$4; shift 4
    mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc
    # the first 20 bytes of a program for AArch64, and which of their bits count; qemu itself stays outside
    printf "%s" ":aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:" \
      "\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:$qemu:F" \
      >/proc/sys/fs/binfmt_misc/register
    mount -t proc proc "$folder/proc"
    mount --rbind /dev "$folder/dev"
    mount -t tmpfs tmpfs "$folder/tmp"
    mount --bind "$root" "$folder/narrows"
    mount --bind "$root/target/aarch64/files" "$folder/work"
    exec chroot "$folder" /usr/bin/env -i -C /work PATH=/usr/bin:/bin HOME=/tmp LC_ALL=C.UTF-8 QEMU_CPU="$cpu" "$@"
  ' bash "$1" "$root" "$qemu" "$cpu" "${@:2}"
}

# takes WORD…: runs a command and says how long it took, on standard error
takes() {
  local TIMEFORMAT='narrows: %R s, of processors %U s'
  time "$@"
}

[ -e "$work/.fetched" ] || fetch
machine=$(emulated "$work/clean" uname -m)
[ "$machine" = aarch64 ] || die "an emulated machine says that it is $machine"

if [[ $parts == *' archive '* ]]; then
  [ -d "$root/release/target/classes" ] || die "nothing is built: run ./narrows package tool"
  version=$(sed -n 's|.*<version>\(.*\)</version>.*|\1|p' "$root/pom.xml" | head -n 1)
  takes emulated "$work/jdk" "$java" -cp '/narrows/release/target/classes:/narrows/cli/target/lib/*' \
    dev.narrows.release.ReleaseMain /narrows /narrows/target/aarch64/release "$version" tool
fi

if [[ $parts == *' verdict '* ]]; then
  name=$(cat "$work/release/tool.name")
  [ "${name%-*-*}" = "${here%-*-*}" ] || die "$name and $here are of two commits: make both again"
  rm -rf "$work/files"
  mkdir "$work/files"
  cp "$model" "$work/files/model.tflite"
  emulated "$work/clean" sh -euc '! command -v java'
  emulated "$work/clean" tar -xzf "/narrows/target/aarch64/release/$name.tar.gz"
  # verdict WORD…: the same command there and here
  verdict() {
    echo "narrows: analyze model.tflite $*" >&2
    takes emulated "$work/clean" "$name/bin/narrows" analyze model.tflite "$@" >"$work/there" || [ $? -eq 3 ]
    (cd "$work/files" && "$root/target/release/$here/bin/narrows" analyze model.tflite "$@" >"$work/here") ||
      [ $? -eq 3 ]
    diff "$work/here" "$work/there" || die "the two differ: analyze model.tflite $*"
    echo "analyze model.tflite $*: $(wc -c <"$work/there") bytes are the same"
  }
  verdict --target 16 --format json
  verdict --data generated/2 --format json
fi

if [[ $parts == *' tests '* ]]; then
  [ -d "$root/kernels/target/test-classes" ] || die "nothing is built: run ./narrows package tool"
  libraries=$work/files/libraries
  if [ ! -d "$libraries" ]; then
    junit=$(sed -n 's|.*<junit.version>\(.*\)</junit.version>.*|\1|p' "$root/pom.xml")
    rm -rf "$libraries.part"
    (cd "$root" && mvn -q -B -pl core dependency:copy-dependencies -DincludeScope=test \
      -DexcludeGroupIds=org.junit.platform,org.junit.jupiter -DoutputDirectory="$libraries.part" &&
      mvn -q -B -N dependency:copy -DoutputDirectory="$libraries.part" \
        -Dartifact="org.junit.platform:junit-platform-console-standalone:$junit")
    mv "$libraries.part" "$libraries"
  fi
  classpath=$(printf ':/narrows/%s' {core,kernels}/target/{classes,test-classes})
  for jar in "$libraries"/*.jar; do classpath=$classpath:/work/libraries/${jar##*/}; done
  # tests BITS CLASS…: with vectors of so many bits
  tests() {
    local bits=$1
    shift
    takes emulated "$work/jdk" "$java" --add-modules jdk.incubator.vector -Dnarrows.vector.bits="$bits" \
      -cp "${classpath#:}" org.junit.platform.console.ConsoleLauncher execute --disable-banner \
      --disable-ansi-colors --details=tree --exclude-engine=junit-vintage "${@/#/--select-class=dev.narrows.}"
  }
  tests 128 core.accumulator.AccumulatorTest core.dot.{Dot,Summation,FloatDot,IeeeDot,FloatNumpyGolden}Test \
    kernels.{MatrixProductContract,FusedProduct,WideSums,Columns}Test kernels.floating.FusedSumsTest \
    kernels.sorting.SortingNetworkTest
fi
