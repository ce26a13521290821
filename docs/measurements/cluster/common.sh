# A Spark cluster of processes on loopback, for the scripts beside this file. To be sourced.
#   NARROWS     the command (default: ./narrows of this checkout)
#   SPARK_JARS  a folder with Spark's jars (default: cluster/target/lib of this checkout)
#   WORK        a folder for everything that is made (default: a new one below /tmp)
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
NARROWS=${NARROWS:-$root/narrows}
SPARK_JARS=${SPARK_JARS:-$root/cluster/target/lib}
WORK=${WORK:-$(mktemp -d /tmp/narrows-cluster-XXXXXX)}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
port=${PORT:-17077}
master=spark://127.0.0.1:$port
opens="--add-opens=java.base/java.lang=ALL-UNNAMED --add-opens=java.base/java.nio=ALL-UNNAMED
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED --add-opens=java.base/java.util=ALL-UNNAMED
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow"

export SPARK_LOCAL_IP=127.0.0.1 SPARK_SCALA_VERSION=2.13 SPARK_HOME=$WORK/spark
mkdir -p "$SPARK_HOME"
[ -e "$SPARK_HOME/jars" ] || ln -s "$SPARK_JARS" "$SPARK_HOME/jars"

masters=
workers=()

# Waits for a line in the log of a process, at most so many seconds, or until that process has ended.
await() { # file pattern seconds process
  local alive=yes
  for _ in $(seq $(($3 * 5))); do
    kill -0 "$4" 2>/dev/null || alive=
    if grep -qs "$2" "$1"; then return; fi # looked at after the process, which may have written its last
    [ -n "$alive" ] || break
    sleep 0.2
  done
  if [ -n "$alive" ]; then
    echo "no \"$2\" in $1 after $3 s; its end:" >&2
  else
    echo "a process ended before it wrote \"$2\"; the end of $1:" >&2
  fi
  tail -n 10 "$1" | sed 's/^/    /' >&2
  return 1
}

start_master() {
  # shellcheck disable=SC2086
  $java $opens -Xmx256m -cp "$SPARK_HOME/jars/*" org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port "$port" --webui-port 0 >"$WORK/master.log" 2>&1 &
  masters=$!
  await "$WORK/master.log" 'New state: ALIVE' 300 "$masters"
}

# start_worker NAME [COMMAND…]: one core; the command, such as "nice -n 19", starts it.
start_worker() {
  local name=$1
  shift
  mkdir -p "$WORK/$name"
  # shellcheck disable=SC2086
  "$@" $java $opens -Xmx256m -cp "$SPARK_HOME/jars/*" org.apache.spark.deploy.worker.Worker \
    --host 127.0.0.1 --cores 1 --memory 2g --webui-port 0 --work-dir "$WORK/$name" "$master" \
    >"$WORK/$name.log" 2>&1 &
  workers+=($!)
  await "$WORK/$name.log" 'Successfully registered with master' 300 "${workers[-1]}"
}

children() { # of a process, theirs too
  local child
  for child in $(ps -o pid= --ppid "$1"); do
    echo "$child"
    children "$child"
  done
}

# A machine that is no more: worker, executor and trial end at the same moment.
lose() { # pid
  local all
  all="$1 $(children "$1" | tr '\n' ' ')"
  # shellcheck disable=SC2086
  kill -KILL $all
}

stop_cluster() {
  local pid
  for pid in "${workers[@]}" $masters; do
    # shellcheck disable=SC2046
    kill -KILL "$pid" $(children "$pid") 2>/dev/null || true
  done
  wait 2>/dev/null || true
  workers=()
  masters=
}
trap stop_cluster EXIT

# The table of a sweep without what differs from run to run: the seconds, and folders in errors.
table() { # folder
  python3 - "$1/trials.csv" <<'PYTHON'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1])))
for row in rows:
    print(",".join(value for key, value in row.items() if key not in ("seconds", "error")))
PYTHON
}

# The front of a sweep.
front() { # folder
  python3 - "$1/sweep.json" <<'PYTHON'
import json, sys
print(json.dumps(json.load(open(sys.argv[1]))["front"]))
PYTHON
}

same() { # folder folder
  if [ "$(table "$1")" = "$(table "$2")" ] && [ "$(front "$1")" = "$(front "$2")" ]; then
    echo "    the table and the front are the same to the digit"
  else
    echo "    DIFFERENT: $1 and $2"
    diff <(table "$1") <(table "$2") || true
    failures=$((failures + 1))
  fi
}

# Compares two results in JSON, byte for byte; what decided dot products depends on blocks of images, on one machine too.
alike() { # file file
  if [ -s "$1" ] && cmp -s "$1" "$2"; then
    echo "the same $(stat -c %s "$1") bytes"
  elif python3 - "$1" "$2" <<'PYTHON' 2>/dev/null; then
import json, sys
one, other = (json.load(open(file)) for file in sys.argv[1:])
sys.exit(one.pop("decided", None) is None or other.pop("decided", None) is None or one != other)
PYTHON
    echo "the same but for what decided dot products"
  else
    return 1
  fi
}

# Waits until some trial of a sweep has finished so many epochs.
epochs() { # folder epochs
  local file
  for _ in $(seq 6000); do
    for file in "$1"/trials/*/metrics.csv; do
      if [ -e "$file" ] && [ "$(wc -l <"$file")" -gt "$2" ]; then return; fi
    done
    sleep 0.1
  done
  echo "    no trial reached epoch $2 in ten minutes"
  failures=$((failures + 1))
}

failures=0
