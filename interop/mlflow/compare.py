"""Compares what an MLflow server holds with the run folders that it was told of. See check.sh.

    MLFLOW_TRACKING_URI=http://127.0.0.1:5055 python compare.py RUNS
"""

import csv
import json
import pathlib
import re
import sys
import tempfile

import mlflow


def name(text):
    return re.sub(r"[^A-Za-z0-9_.-]+", "_", text).strip("_")


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"mlflow: {what}: the server holds {found!r}, the folder {wanted!r}")


def epochs(folder):
    with open(folder / "metrics.csv", newline="") as file:
        return list(csv.DictReader(file))


def of_epochs(client, run, folder):
    """Every cell of metrics.csv is one value of the server's, and there are no others."""
    values = 0
    rows = epochs(folder)
    for column in rows[0]:
        if column == "phase":
            continue
        key = "phaseEpoch" if column == "epoch" else column
        wanted = [(i + 1, float(row[column])) for i, row in enumerate(rows) if row[column]]
        history = client.get_metric_history(run.info.run_id, key) if wanted else []
        found = sorted((metric.step, metric.value) for metric in history)
        expect(f"{folder.name}, {key}", found, wanted)
        values += len(wanted)
    return values


def of_the_end(run, folder):
    metrics = run.data.metrics
    values = 0
    results = json.loads((folder / "results.json").read_text())
    for one in results["results"]:
        register = name(one["accumulator"])
        expect(f"{folder.name}, accuracy/{register}", metrics.get(f"accuracy/{register}"), float(one["accuracy"]))
        expect(f"{folder.name}, differing/{register}", metrics.get(f"differing/{register}"), float(one["differing"]))
        values += 2
    expect(f"{folder.name}, float", metrics.get("accuracy/float"), results.get("floatAccuracy"))
    trial = folder / "trial.json"
    if trial.exists():
        figures = json.loads(trial.read_text())["figures"]
        for one in figures["accumulators"]:
            register = name(one["accumulator"])
            expect(f"{folder.name}, {register}", metrics.get(f"validation/{register}"), float(one["validation"]))
            values += 1
        for server, key in [("safeBits", "certifiedBits"), ("termBits", "termBits"), ("sparsity", "sparsity")]:
            expect(f"{folder.name}, {server}", metrics.get(server), float(figures[key]))
            values += 1
    return values


def of_files(client, run, folder):
    names = {file.path for file in client.list_artifacts(run.info.run_id)}
    for required in ["recipe.yaml", "metrics.csv", "results.json", "network.narrows"]:
        if required not in names:
            sys.exit(f"mlflow: {folder.name}: the server lacks {required}")
    with tempfile.TemporaryDirectory() as to:
        for one in sorted(names):
            copy = pathlib.Path(client.download_artifacts(run.info.run_id, one, to))
            if copy.read_bytes() != (folder / one).read_bytes():
                sys.exit(f"mlflow: {folder.name}: {one} is another file on the server")
    return len(names)


def main(folder):
    client = mlflow.MlflowClient()
    experiment = client.get_experiment_by_name("check")
    runs = client.search_runs([experiment.experiment_id], max_results=1000)
    folders = [folder / one for one in ("whole", "resumed", "late", "two")] + sorted((folder / "two/trials").iterdir())
    expect("runs", sorted(run.info.run_name for run in runs), sorted(one.name for one in folders))
    by_folder = {run.data.tags["narrows.folder"]: run for run in runs}
    for one in folders:
        run = by_folder[str(one)]
        expect(f"{one.name}, status", run.info.status, "FINISHED")
        if one.name == "two":
            sweep = json.loads((one / "sweep.json").read_text())
            expect("trials", run.data.metrics["trials/done"], float(len(sweep["trials"])))
            print(f"{one.name}: {len(sweep['trials'])} trials")
            continue
        if one.parent.name == "trials":
            expect(f"{one.name}, parent", run.data.tags["mlflow.parentRunId"], by_folder[str(folder / "two")].info.run_id)
        expect(f"{one.name}, model", run.data.params["model"], "mlp2")
        expect(f"{one.name}, weights", run.data.params["quantization.weights"], "4")
        values = of_epochs(client, run, one) + of_the_end(run, one)
        files = of_files(client, run, one)
        print(f"{one.name}: {values} values, {len(run.data.params)} parameters, {files} files: equal")


main(pathlib.Path(sys.argv[1]))
