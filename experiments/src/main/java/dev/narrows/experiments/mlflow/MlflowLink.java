package dev.narrows.experiments.mlflow;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which run of which server a folder is: {@code .mlflow.json} in it. A resumed run goes on there,
 * so that nothing is sent twice.
 *
 * @param server its address
 * @param experiment by name
 * @param run the server's id
 * @param source hash of the folder's recipe or sweep file: of another one, it is another run
 * @param sent hash of all that was sent when the run had come to its end; empty before that
 */
record MlflowLink(String server, String experiment, String run, String source, String sent) {
  private static final String FILE = ".mlflow.json";

  /** The folder's link, if it has one that can be read. */
  static Optional<MlflowLink> of(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      Map<String, Object> read = ResultJson.readMap(file.toString(), Files.readString(file));
      return Optional.of(
          new MlflowLink(
              String.valueOf(read.get("server")),
              String.valueOf(read.get("experiment")),
              String.valueOf(read.get("run")),
              String.valueOf(read.get("source")),
              String.valueOf(read.get("sent"))));
    } catch (IllegalArgumentException damaged) {
      return Optional.empty(); // a new run is a smaller harm than none
    }
  }

  MlflowLink withSent(String hash) {
    return new MlflowLink(server, experiment, run, source, hash);
  }

  /** Whether this leads to that server and experiment, and the folder is still what it was. */
  boolean leadsTo(String otherServer, String otherExperiment, String otherSource) {
    return server.equals(otherServer)
        && experiment.equals(otherExperiment)
        && source.equals(otherSource);
  }

  void write(Path folder) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("server", server);
    values.put("experiment", experiment);
    values.put("run", run);
    values.put("source", source);
    values.put("sent", sent);
    AtomicFile.write(folder.resolve(FILE), ResultJson.write(values));
  }
}
