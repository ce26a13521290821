package dev.narrows.experiments.narrow;

import dev.narrows.data.file.AtomicFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.repair.plan.PairedCounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What trials found, kept in a file, so that a search goes on where it was: a line that says what
 * the trials are of, then a line each with widths, images and both counts.
 */
final class TrialLedger {
  private static final String TITLE = "# narrows search, ";

  private final Optional<Path> file;
  private final Map<List<Integer>, PairedCounts> known = new HashMap<>();

  private TrialLedger(Optional<Path> file) {
    this.file = file;
  }

  /**
   * A ledger in a file, or one that ends with the process.
   *
   * @param of what the trials are of: everything that their results depend on
   * @throws BadInputException if the file is of another search
   */
  static TrialLedger of(Optional<Path> file, String of) throws IOException {
    return file.isPresent() ? open(file.get(), of) : new TrialLedger(Optional.empty());
  }

  /**
   * A ledger in a file; what stands there is known. A last line that was cut off is left out.
   *
   * @param of what the trials are of
   */
  private static TrialLedger open(Path file, String of) throws IOException {
    TrialLedger ledger = new TrialLedger(Optional.of(file));
    if (!Files.exists(file)) {
      AtomicFile.write(file, TITLE + of + "\n");
      return ledger;
    }
    String text = Files.readString(file);
    List<String> lines = text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(TITLE + of)) {
      throw BadInputException.in(
          file, "is of a search with another network, data or options; choose another --out");
    }
    for (String line : lines.subList(1, lines.size())) {
      ledger.read(file, line);
    }
    AtomicFile.write(file, lines.stream().map(line -> line + "\n").collect(Collectors.joining()));
    return ledger;
  }

  private void read(Path file, String line) {
    try {
      String[] cells = line.split(",", -1);
      List<Integer> widths = List.of(cells[0].split(" ")).stream().map(Integer::valueOf).toList();
      known.put(
          widths,
          new PairedCounts(
              Integer.parseInt(cells[1]), Integer.parseInt(cells[2]), Integer.parseInt(cells[3])));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new BadInputException(file + ": not a line of a search: \"" + line + "\"", e);
    }
  }

  /** How many trials there are. */
  int size() {
    return known.size();
  }

  Optional<PairedCounts> of(List<Integer> widths) {
    return Optional.ofNullable(known.get(widths));
  }

  void put(List<Integer> widths, PairedCounts counts) throws IOException {
    known.put(List.copyOf(widths), counts);
    if (file.isPresent()) {
      String line =
          "%s,%d,%d,%d\n"
              .formatted(
                  widths.stream().map(String::valueOf).collect(Collectors.joining(" ")),
                  counts.images(),
                  counts.onlyExact(),
                  counts.onlyPlan());
      Files.writeString(file.get(), line, StandardOpenOption.APPEND);
    }
  }
}
