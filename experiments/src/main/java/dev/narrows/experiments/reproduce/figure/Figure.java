package dev.narrows.experiments.reproduce.figure;

import dev.narrows.report.ReproductionResult;
import java.io.IOException;
import java.util.List;

/**
 * A figure or table of a paper that can be made again.
 *
 * <p>What the paper says is quoted in {@link ReproductionResult.PaperClaim}s, each with its source;
 * where the project's notes on the papers give no figure a claim has none. Implementations are
 * stateless, and do every long thing through the {@link Workshop}, which makes them resumable.
 */
public interface Figure {
  /** The word on the command line, such as {@code pqs-fig2}; also that of folders. */
  String name();

  /** Figures of one family train the same networks, each once; by default a family of its own. */
  default String family() {
    return name();
  }

  /** In one line, for people. */
  String title();

  /** The networks that it can be made on instead of its usual one; by default none. */
  default List<PaperNetwork> otherNetworks() {
    return List.of();
  }

  /**
   * Makes it.
   *
   * @throws dev.narrows.experiments.training.TrainingCancelledException when interrupted; called
   *     again with the same folder it goes on
   * @throws dev.narrows.data.DataException if a data set is missing
   */
  ReproductionResult make(Workshop workshop) throws IOException;
}
