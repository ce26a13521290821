#!/usr/bin/env bash
# Images that cannot be read, on a cluster of two workers: 200 PNGs, one cut off in the middle, one that is none, one of
# another size. Without --skip-unreadable the command names one, as this machine does; with it, it leaves them out,
# counts them and says of the others what this machine says of a folder without them, byte for byte.
#   interop/cluster/unreadable.sh MODEL             (COMMANDS=analyze: that command alone)
# MODEL takes images of 3 by 32 by 32; JAVA_HOME is a JDK 25.
: "${JAVA_HOME:?must name a JDK 25}"
source "$(dirname "${BASH_SOURCE[0]}")/../../docs/measurements/cluster/common.sh"
model=$1

python3 "$root/interop/cluster/images.py" "$WORK" 200
images=$WORK/images
truncate -s 1000 "$images/4/00093.png"
echo "no image" >"$images/7/00150.png"
python3 - "$images/9/00199.png" <<'PYTHON'
import base64, sys  # one pixel
open(sys.argv[1], "wb").write(base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"))
PYTHON

there() { # name words…: a command on the cluster; sets there to its exit code
  local name=$1
  shift
  there=0
  "$NARROWS" "$@" --master "$master" --spark spark.executor.memory=1g --partitions 7 \
    >"$WORK/$name-there.json" 2>"$WORK/$name-there.err" || there=$?
}

here() { # name words…: the same on this machine
  local name=$1
  shift
  here=0
  "$NARROWS" "$@" >"$WORK/$name-here.json" 2>"$WORK/$name-here.err" || here=$?
}

shelve() { # from to: the three images, so that this machine sees a folder without them
  local each
  for each in 4/00093 7/00150 9/00199; do
    mkdir -p "$(dirname "$2/$each")"
    mv "$1/$each.png" "$2/$each.png"
  done
}

wrong() { # words
  echo "    WRONG: $*"
  failures=$((failures + 1))
}

start_master
start_worker one
start_worker two
for command in ${COMMANDS:-analyze evaluate}; do
  words=("$command" "$model" --data "$images" --format json)
  if [ "$command" = evaluate ]; then words+=(--accumulator int16:saturate); fi

  echo "== $command"
  here "$command" "${words[@]}"
  there "$command" "${words[@]}"
  echo "    here, exit code $here: $(tail -n 1 "$WORK/$command-here.err" | sed "s|$WORK/||g")"
  echo "    there, exit code $there: $(tail -n 1 "$WORK/$command-there.err" | sed "s|$WORK/||g")"
  [ "$here" = 2 ] && [ "$there" = 2 ] || wrong "exit codes"
  grep -qs 'images/[479]/00[0-9]*.png' "$WORK/$command-there.err" || wrong "no image is named"

  echo "== $command --skip-unreadable, and here without these images"
  there "$command-skip" "${words[@]}" --skip-unreadable
  shelve "$images" "$WORK/shelf"
  here "$command-skip" "${words[@]}"
  shelve "$WORK/shelf" "$images"
  grep -h 'left out' "$WORK/$command-skip-there.err" | sed "s|$WORK/||g; s|^|    |" || wrong "nothing is counted"
  [ "$here" = 0 ] && [ "$there" = 0 ] || wrong "exit codes $here and $there"
  printf '    '
  alike "$WORK/$command-skip-here.json" "$WORK/$command-skip-there.json" || wrong "the results differ"
done
echo "$failures differences or failures; everything is in $WORK"
exit $((failures > 0))
