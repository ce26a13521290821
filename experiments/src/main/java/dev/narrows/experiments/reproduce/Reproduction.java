package dev.narrows.experiments.reproduce;

import dev.narrows.data.catalog.DataRoots;
import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.evaluate.EvaluationListener;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.reproduce.figure.AskedNetwork;
import dev.narrows.experiments.reproduce.figure.Figure;
import dev.narrows.experiments.reproduce.figure.PaperNetwork;
import dev.narrows.experiments.reproduce.figure.Scale;
import dev.narrows.experiments.reproduce.figure.Workshop;
import dev.narrows.experiments.run.Environment;
import dev.narrows.experiments.run.FolderLock;
import dev.narrows.experiments.training.Trainer;
import dev.narrows.experiments.training.TrainingListener;
import dev.narrows.report.ReproductionResult;
import dev.narrows.report.Result;
import dev.narrows.report.ResultJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A figure made into a folder: {@code reproduction.json}, {@code environment.json} and what the
 * {@link FolderWorkshop} keeps. Resumes a figure that was interrupted; of one that is complete it
 * only reads the result.
 *
 * @param network what it is made on instead of its usual network
 * @param folder of the figure; figures of one {@linkplain Figure#family family} keep their networks
 *     in the folder {@code <family>-<scale>-runs} beside it, those of another network in {@code
 *     <family>-<network>-<scale>-runs}
 * @param threads to evaluate on
 * @param command the words after {@code narrows}, for {@code environment.json}
 */
public record Reproduction(
    Figure figure,
    Scale scale,
    Optional<AskedNetwork> network,
    Path folder,
    DataRoots roots,
    Trainer trainer,
    int threads,
    List<String> command) {
  private static final String MARK = "figure.txt";
  private static final String RESULT = "reproduction.json";

  /**
   * Copies the words.
   *
   * @throws BadInputException if the figure cannot be made on the network, or weights are given for
   *     embedded images
   */
  public Reproduction {
    command = List.copyOf(command);
    network.map(AskedNetwork::network).ifPresent(asked -> require(figure, asked));
    if (scale == Scale.SMOKE && network.flatMap(AskedNetwork::weights).isPresent()) {
      throw new BadInputException(
          "--weights: scale smoke trains small networks of its own; weights go with --scale"
              + " two-core");
    }
  }

  private static void require(Figure figure, PaperNetwork asked) {
    List<PaperNetwork> known = figure.otherNetworks();
    if (known.isEmpty()) {
      throw new BadInputException(
          "--network: %s is made on its own networks; figures that take another: %s"
              .formatted(figure.name(), Figures.namesWithOtherNetworks()));
    }
    if (!known.contains(asked)) {
      throw new BadInputException(
          "--network: %s takes one of %s, not %s"
              .formatted(figure.name(), PaperNetwork.words(known), asked.word()));
    }
  }

  /**
   * What a figure's folder is called: {@code <figure>-<scale>}, {@code <figure>-<network>-<scale>}
   * of another network.
   */
  public static String folderName(Figure figure, Optional<PaperNetwork> network, Scale scale) {
    return placed(figure.name(), network, scale);
  }

  /** What the folder of a figure or of a family is called. */
  private static String placed(String name, Optional<PaperNetwork> network, Scale scale) {
    return name + network.map(one -> "-" + one.word()).orElse("") + "-" + scale.word();
  }

  private Optional<PaperNetwork> other() {
    return network.map(AskedNetwork::network);
  }

  /**
   * Makes the figure, or reads what was made before.
   *
   * @throws BadInputException if the folder holds something else, or another process works in it
   */
  public ReproductionResult finish(TrainingListener training, EvaluationListener evaluation)
      throws IOException {
    claim();
    try (FolderLock _ = FolderLock.take(folder)) {
      Path file = folder.resolve(RESULT);
      if (Files.isRegularFile(file)) {
        training.note(folder + ": complete already; another --out or its removal makes it again");
        return stored(file);
      }
      String environment =
          Environment.here(1, command, Map.of("training", trainer.version())).json();
      ReproductionResult result = make(training, evaluation);
      AtomicFile.write(folder.resolve("environment.json"), environment);
      AtomicFile.write(file, ResultJson.write(result));
      return result;
    }
  }

  private ReproductionResult make(TrainingListener training, EvaluationListener evaluation)
      throws IOException {
    if (figure.family().equals(figure.name())) {
      return figure.make(workshop(folder, training, evaluation));
    }
    Path shared =
        folder.toAbsolutePath().resolveSibling(placed(figure.family(), other(), scale) + "-runs");
    Files.createDirectories(shared);
    try (FolderLock _ = FolderLock.take(shared)) {
      return figure.make(workshop(shared, training, evaluation));
    }
  }

  private Workshop workshop(Path place, TrainingListener training, EvaluationListener evaluation) {
    return new FolderWorkshop(
        scale, network, place, roots, trainer, threads, command, training, evaluation);
  }

  private ReproductionResult stored(Path file) throws IOException {
    Result result;
    try {
      result = ResultJson.read(file.toString(), Files.readString(file));
    } catch (IllegalArgumentException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    }
    if (result instanceof ReproductionResult reproduction) {
      return reproduction;
    }
    throw BadInputException.in(file, "expected a reproduction, found " + result.schema());
  }

  /** Marks the folder as this figure's, so that two never mix. */
  private void claim() throws IOException {
    String mark =
        figure.name() + " " + scale.word() + other().map(one -> " " + one.word()).orElse("");
    Path file = folder.resolve(MARK);
    if (Files.isRegularFile(file)) {
      String held = Files.readString(file).strip();
      if (!held.equals(mark)) {
        throw BadInputException.in(
            folder, "holds " + held + ", not " + mark + "; choose another --out");
      }
      return;
    }
    Files.createDirectories(folder);
    try (Stream<Path> entries = Files.list(folder)) {
      Optional<Path> other =
          entries.filter(e -> !e.getFileName().toString().startsWith(".")).findFirst();
      if (other.isPresent()) {
        throw BadInputException.in(
            folder,
            "not empty (it holds "
                + other.get().getFileName()
                + ") and not a figure's folder; choose another --out");
      }
    }
    AtomicFile.write(file, mark + "\n");
  }
}
