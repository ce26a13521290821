#!/usr/bin/env bash
# Runs and a sweep beside a real MLflow server: what it holds afterwards must be what their folders hold.
#   interop/mlflow/check.sh [FOLDER]
# FOLDER (default: a new one below TMPDIR) gets the server's store, the runs, and a Python environment with MLflow,
# which takes 900 MB and some minutes; a FOLDER of an earlier check has it already. MLFLOW is the version (3.17.2),
# NARROWS another launcher than ./narrows.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

folder=$(readlink -m "${1:-$(mktemp -d)}")
version=${MLFLOW:-3.17.2}
port=${PORT:-5055}
narrows=${NARROWS:-./narrows}
server=http://127.0.0.1:$port
python=$folder/venv/bin/python
mkdir -p "$folder"
rm -rf "$folder"/{runs,store.db,artifacts,narrows.log,late.log,server.log}

if ! "$python" -c "import mlflow, sys; sys.exit(mlflow.__version__ != '$version')" 2>/dev/null; then
  python3 -m venv "$folder/venv"
  "$python" -m pip install --quiet "mlflow==$version"
fi

server_pid=
start() {
  "$folder/venv/bin/mlflow" server --host 127.0.0.1 --port "$port" --workers 1 \
    --backend-store-uri "sqlite:///$folder/store.db" --artifacts-destination "$folder/artifacts" \
    >>"$folder/server.log" 2>&1 &
  server_pid=$!
  for _ in $(seq 600); do # importing it takes minutes on a busy machine
    if [ "$(curl --silent --max-time 2 "$server/version" || true)" = "$version" ]; then
      return
    fi
    kill -0 "$server_pid" 2>/dev/null || break
    sleep 1
  done
  echo "mlflow: the server did not start, see $folder/server.log" >&2
  exit 1
}
stop() {
  if [ -n "$server_pid" ]; then
    kill "$server_pid" 2>/dev/null || true
    wait "$server_pid" 2>/dev/null || true
    server_pid=
  fi
}
trap stop EXIT

cat >"$folder/recipe.yaml" <<'YAML'
name: small
model: mlp2
width: 24
data: {set: fashion-small, limit: 1000, validation: 500}
preprocess: unit
threads: 1
batch: 100
quantization: {weights: 4, activations: 4, firstLast: 4, exclude: [last]}
phases:
  float: {epochs: 8}
  quantize: {epochs: 2}
  register: {accumulator: 'int10:saturate:sorted', epochs: 1}
checkpoint: {everySteps: 5}
YAML
cat >"$folder/sweep.yaml" <<'YAML'
name: two
base:
  model: mlp2
  width: 24
  data: {set: fashion-small, limit: 1000, validation: 500}
  preprocess: unit
  threads: 1
  batch: 100
  quantization: {weights: 4, activations: 4, firstLast: 4, exclude: []}
  phases:
    float: {epochs: 2}
    quantize: {epochs: 1}
grid: {seed: [1, 2]}
accumulators: ['int11:saturate:sorted', 'int11:wrap']
YAML

tell() {
  "$narrows" "$@" 2>>"$folder/narrows.log"
}
told() {
  if [ "$(grep -c 'MLflow at' "$folder/$1")" != "$2" ]; then
    echo "mlflow: $1 should hold $2 lines about the server" >&2
    exit 1
  fi
}

# 1. A run from its beginning to its end.
start
tell train "$folder/recipe.yaml" --out "$folder/runs/whole" --mlflow "$server" --experiment check >/dev/null

# 2. The same, killed on its way and resumed.
"$narrows" train "$folder/recipe.yaml" --out "$folder/runs/resumed" --mlflow "$server" --experiment check \
  >/dev/null 2>>"$folder/narrows.log" &
launcher=$!
for _ in $(seq 600); do
  [ "$(wc -l 2>/dev/null <"$folder/runs/resumed/metrics.csv" || echo 0)" -ge 3 ] && break
  sleep 0.1
done
pkill -KILL -P "$launcher" 2>/dev/null || true
kill -KILL "$launcher" 2>/dev/null || true
wait "$launcher" 2>/dev/null || true
tell train "$folder/recipe.yaml" --out "$folder/runs/resumed" --mlflow "$server" --experiment check >/dev/null

# 3. A sweep, and the same again, which has nothing to send.
tell sweep "$folder/sweep.yaml" --out "$folder/runs/two" --mlflow "$server" --experiment check >/dev/null
tell sweep "$folder/sweep.yaml" --out "$folder/runs/two" --mlflow "$server" --experiment check >/dev/null

# 4. A run without a server, which then catches up.
stop
"$narrows" train "$folder/recipe.yaml" --out "$folder/runs/late" --mlflow "$server" --experiment check \
  >/dev/null 2>"$folder/late.log"
told late.log 1
start
"$narrows" train "$folder/recipe.yaml" --out "$folder/runs/late" --mlflow "$server" --experiment check \
  >/dev/null 2>"$folder/late.log"
told late.log 0
told narrows.log 0

MLFLOW_TRACKING_URI=$server "$python" interop/mlflow/compare.py "$folder/runs"
