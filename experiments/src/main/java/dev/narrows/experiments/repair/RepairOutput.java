package dev.narrows.experiments.repair;

import dev.narrows.experiments.evaluate.ModelFile;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.ReadOptions;
import dev.narrows.network.files.NetworkFiles;
import dev.narrows.network.files.RepairedFile;
import dev.narrows.network.format.NarrowsWriter;
import dev.narrows.report.NetworkFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where a repaired network is written; its original is never touched. */
public final class RepairOutput {
  private static final String OWN = ".narrows";

  private final Path path;

  private final Optional<FileConstants> constants;

  private RepairOutput(Path path, Optional<FileConstants> constants) {
    this.path = path;
    this.constants = constants;
  }

  /**
   * Checks that a file can be written, before any work is done.
   *
   * @throws BadInputException if it is the original, its folder is missing, or its kind is another
   */
  public static RepairOutput of(ModelFile model, ReadOptions options, Path out) throws IOException {
    String name = String.valueOf(out.getFileName());
    String own = String.valueOf(model.path().getFileName());
    String ending = own.contains(".") ? own.substring(own.lastIndexOf('.')) : OWN;
    boolean same = name.endsWith(ending) && !ending.equals(OWN);
    if (!same && !name.endsWith(OWN)) {
      throw new BadInputException(
          "--out: expected a name ending in %s, found %s"
              .formatted(ending.equals(OWN) ? OWN : ending + " or " + OWN, out));
    }
    Path folder = out.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInputException("--out: there is no folder " + folder);
    }
    if (Files.isDirectory(out)) {
      throw new BadInputException("--out: " + out + " is a folder, expected a file");
    }
    if (Files.exists(out) && Files.isSameFile(out, model.path())) {
      throw new BadInputException("--out: " + out + " is the network itself, which stays as it is");
    }
    return new RepairOutput(
        out, same ? Optional.of(RepairedFile.open(model.path(), options)) : Optional.empty());
  }

  /** The file. */
  public Path path() {
    return path;
  }

  /** The model's file, where its format is to hold the network; empty for our own format. */
  public Optional<FileConstants> constants() {
    return constants;
  }

  /** Another file beside it, whose name goes on so. */
  public Path beside(String ending) {
    return path.resolveSibling(path.getFileName() + "." + ending);
  }

  /** Writes the network. */
  public NetworkFile write(Repair repair) throws IOException {
    if (constants.isPresent()) {
      FileConstants file = constants.get();
      file.write(LayerConstants.differences(file.network(), repair.network()), path);
    } else {
      NarrowsWriter.write(repair.network(), path);
    }
    return new NetworkFile(path.toString(), NetworkFiles.sha256(path));
  }
}
