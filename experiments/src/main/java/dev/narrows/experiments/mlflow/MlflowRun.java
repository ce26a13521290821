package dev.narrows.experiments.mlflow;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One folder as a run of a server; used by one thread. */
final class MlflowRun {
  private static final String PARENT = "mlflow.parentRunId";

  private final MlflowServer server;
  private final String experiment;
  private final Optional<MlflowRun> parent;
  private final FolderContent content;

  /** What the server held when this run was found or made; empty until then. */
  private Optional<MlflowRunState> state = Optional.empty();

  /** Epochs that the server has by now. */
  private final Set<Long> epochs = new HashSet<>();

  /**
   * A folder; nothing is sent yet.
   *
   * @param experiment by name
   * @param parent the sweep's run, of a trial
   */
  MlflowRun(MlflowServer server, String experiment, Optional<MlflowRun> parent, Path folder) {
    this.server = server;
    this.experiment = experiment;
    this.parent = parent;
    this.content = new FolderContent(folder);
  }

  /** Makes the server hold what the folder holds by now. */
  void send(RunStatus status) throws IOException {
    if (!content.exists()) {
      return; // it ended before it began
    }
    Optional<MlflowLink> link = link();
    boolean ended = status != RunStatus.RUNNING;
    String all = ended ? content.state() + status : "";
    if (ended && link.isPresent() && link.get().sent().equals(all)) {
      return;
    }
    MlflowRunState run = started();
    List<MetricValue> metrics = new ArrayList<>();
    List<Map<String, Double>> rows = content.epochs();
    long millis = run.start();
    for (int i = 0; i < rows.size(); i++) {
      long epoch = i + 1L;
      millis += Math.round(1000 * rows.get(i).getOrDefault("seconds", 0.0));
      if (!epochs.contains(epoch)) {
        long end = millis;
        rows.get(i).forEach((key, value) -> metrics.add(new MetricValue(key, value, epoch, end)));
      }
    }
    Map<String, String> tags = Map.of();
    if (ended) {
      long end = content.isSweep() ? System.currentTimeMillis() : millis; // a sweep may grow
      long last = rows.size();
      content.figures().entrySet().stream()
          .filter(figure -> content.isSweep() || !run.metrics().contains(figure.getKey()))
          .forEach(figure ->
              metrics.add(new MetricValue(figure.getKey(), figure.getValue(), last, end)));
      tags = content.tags();
    }
    server.log(run.id(), metrics, Map.of(), tags);
    for (long epoch = 1; epoch <= rows.size(); epoch++) {
      epochs.add(epoch);
    }
    if (ended) {
      for (Path file : content.files()) {
        if (!server.upload(run.artifacts(), file.getFileName().toString(), file)) {
          break;
        }
      }
      server.status(run.id(), status, System.currentTimeMillis());
      state = Optional.empty(); // a later call asks again
      write(new MlflowLink(server.address(), experiment, run.id(), content.source(), all));
    }
  }

  private Optional<MlflowLink> link() throws IOException {
    String source = content.source();
    return MlflowLink.of(content.folder())
        .filter(known -> known.leadsTo(server.address(), experiment, source));
  }

  private void write(MlflowLink link) throws IOException {
    link.write(content.folder());
  }

  /** The run, which is made if the folder has none there. */
  private MlflowRunState started() throws IOException {
    if (state.isPresent()) {
      return state.get();
    }
    Optional<MlflowLink> link = link();
    Optional<MlflowRunState> known =
        link.isPresent() ? server.run(link.get().run()) : Optional.empty();
    MlflowRunState run = known.isPresent() ? known.get() : made();
    Map<String, String> parameters =
        content.parameters().entrySet().stream()
            .filter(parameter -> !run.parameters().contains(parameter.getKey()))
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
    server.log(run.id(), List.of(), parameters, content.tags());
    if (!run.status().equals(RunStatus.RUNNING.name())) {
      server.status(run.id(), RunStatus.RUNNING, 0);
    }
    epochs.clear();
    if (run.metrics().contains("loss") || run.metrics().contains("rate")) {
      epochs.addAll(server.steps(run.id(), "rate")); // every epoch has a rate, a loss may be ∞
    }
    state = Optional.of(run);
    return run;
  }

  private MlflowRunState made() throws IOException {
    double seconds =
        content.epochs().stream().mapToDouble(row -> row.getOrDefault("seconds", 0.0)).sum();
    long start = System.currentTimeMillis() - Math.round(1000 * seconds);
    Map<String, String> tags = new LinkedHashMap<>();
    if (parent.isPresent()) {
      tags.put(PARENT, parent.get().started().id());
    }
    String id = server.createRun(server.experiment(experiment), content.name(), start, tags);
    write(new MlflowLink(server.address(), experiment, id, content.source(), ""));
    return server
        .run(id)
        .orElseThrow(() -> new MlflowException(0, "a run that was just made is not there"));
  }
}
