package dev.narrows.repair.language;

import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.llama.IntegerMatrix;
import dev.narrows.network.llama.LayerwiseRun;
import dev.narrows.network.llama.LlamaMatrix;
import dev.narrows.network.llama.LlamaModel;
import dev.narrows.network.llama.QuantizedLlama;
import dev.narrows.network.llama.TokenCodes;
import dev.narrows.network.llama.TokenPreparation;
import dev.narrows.repair.calibrate.SharedWork;
import dev.narrows.repair.channel.ChannelTask;
import dev.narrows.repair.channel.Preload;
import dev.narrows.repair.channel.RepairedChannel;
import dev.narrows.repair.channel.RowsRepair;
import dev.narrows.repair.channel.ScaleChoice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Makes integers of a language model's matrices, for several goals at once. A twin of 8-bit
 * integers rounded to nearest, in exact sums, runs on calibration tokens layer by layer; the second
 * moments of the codes that it makes say which errors of a matrix matter, whatever the goal.
 *
 * <p>Deterministic for any number of threads.
 */
public final class LlamaIntegers {
  /** Rows that are repaired together. */
  private static final int ROWS = 128;

  private static final int TWIN_BITS = 8;

  private final LlamaModel model;
  private final List<IntegerGoal> goals;
  private final CalibrationTokens calibration;
  private final int threads;

  /**
   * What moments are taken of.
   *
   * @param ids [windows][length]
   * @param outliers what is done about those among activations
   * @param vocabulary whether the product with the vocabulary becomes integers too
   */
  public record CalibrationTokens(
      int[] ids, int windows, OutlierHandling outliers, boolean vocabulary) {}

  /** What keeps finished layers, so that an interrupted run goes on where it was. */
  public interface Keeper {
    /** The matrices of a layer by goal, in the order of goals, if they are kept. */
    List<Map<String, IntegerMatrix>> kept(int layer);

    /** Keeps them. */
    void keep(int layer, List<Map<String, IntegerMatrix>> matrices);

    /** Keeps nothing. */
    static Keeper none() {
      return new Keeper() {
        @Override
        public List<Map<String, IntegerMatrix>> kept(int layer) {
          return List.of();
        }

        @Override
        public void keep(int layer, List<Map<String, IntegerMatrix>> matrices) {}
      };
    }
  }

  /**
   * Work to be done.
   *
   * @param goals at least one
   */
  public LlamaIntegers(
      LlamaModel model, List<IntegerGoal> goals, CalibrationTokens calibration, int threads) {
    this.model = model;
    this.goals = List.copyOf(goals);
    this.calibration = calibration;
    this.threads = threads;
  }

  /** The steps that {@link #make} tells of: layers, and one more for the vocabulary. */
  public int steps() {
    return model.shape().layers() + 1;
  }

  /**
   * Makes the integers.
   *
   * @param keeper asked for every layer before it is made, told of it afterwards
   * @return for each goal the matrices by their names
   */
  public List<Map<String, IntegerMatrix>> make(Keeper keeper) {
    List<Map<String, IntegerMatrix>> all = new ArrayList<>();
    goals.forEach(goal -> all.add(new LinkedHashMap<>()));
    Map<String, IntegerMatrix> twin = new LinkedHashMap<>();
    QuantizedLlama running = new QuantizedLlama(model, twin);
    int layers = model.shape().layers();
    try (LayerwiseRun run =
        new LayerwiseRun(running, calibration.ids(), calibration.windows(), threads)) {
      for (int layer = 0; layer <= layers; layer++) {
        List<Map<String, IntegerMatrix>> made = keeper.kept(layer);
        boolean missing = made.isEmpty();
        if (missing) {
          made = new ArrayList<>();
          for (int g = 0; g < goals.size(); g++) {
            made.add(new LinkedHashMap<>());
          }
        }
        List<Map<String, IntegerMatrix>> into = made;
        LayerwiseRun.InputTap tap =
            (matrix, l, x) -> {
              CodedInputs inputs =
                  CodedInputs.of(model, matrix, l, x, run.columns(), calibration.outliers());
              for (LlamaMatrix one : matrix.sharing()) {
                twin.put(one.name(l), rounded(one, l, inputs));
              }
              if (missing) {
                make(matrix, l, inputs, into);
              }
            };
        if (layer < layers) {
          run.layer(layer, tap);
        } else if (calibration.vocabulary()) {
          tap.look(LlamaMatrix.CLASSIFIER, 0, run.last());
        }
        if (missing) {
          keeper.keep(layer, made);
        }
        for (int g = 0; g < goals.size(); g++) {
          all.get(g).putAll(made.get(g));
        }
        twin.clear(); // the next layer does not look back
      }
    }
    return all;
  }

  /** Integers of 8 bits rounded to nearest, the largest weight of a row the largest integer. */
  private IntegerMatrix rounded(LlamaMatrix matrix, int layer, CodedInputs inputs) {
    MatrixRows rows = MatrixRows.of(model, matrix, layer, inputs.preparation());
    int most = (1 << (TWIN_BITS - 1)) - 1;
    byte[] codes = new byte[rows.rows() * rows.terms()];
    float[] scales = new float[rows.rows()];
    for (int r = 0; r < scales.length; r++) {
      float scale = (float) rows.scale(r, most);
      scales[r] = scale;
      for (int k = 0; k < rows.terms(); k++) {
        double code = Math.rint(rows.weight(r, k) / scale);
        codes[r * rows.terms() + k] = (byte) Math.clamp(code, -most, most);
      }
    }
    return new IntegerMatrix(
        rows.rows(), rows.terms(), codes, scales, inputs.preparation(), TokenCodes.EIGHT);
  }

  private void make(
      LlamaMatrix first, int layer, CodedInputs inputs, List<Map<String, IntegerMatrix>> into) {
    boolean fed = goals.stream().anyMatch(IntegerGoal::feedback);
    Optional<RowsRepair> repair =
        fed ? Optional.of(RowsRepair.of(inputs.moments(threads))) : Optional.empty();
    for (LlamaMatrix matrix : first.sharing()) {
      MatrixRows rows = MatrixRows.of(model, matrix, layer, inputs.preparation());
      for (int g = 0; g < goals.size(); g++) {
        IntegerGoal goal = goals.get(g);
        into.get(g).put(matrix.name(layer), matrix(rows, goal, repair, inputs.preparation()));
      }
    }
  }

  private IntegerMatrix matrix(
      MatrixRows rows,
      IntegerGoal goal,
      Optional<RowsRepair> repair,
      TokenPreparation preparation) {
    List<List<RepairedChannel>> found =
        SharedWork.all(
            threads,
            Math.ceilDiv(rows.rows(), ROWS),
            part -> {
              List<ChannelTask> tasks =
                  IntStream.range(part * ROWS, Math.min(rows.rows(), (part + 1) * ROWS))
                      .mapToObj(r -> task(rows, r, goal))
                      .toList();
              return goal.feedback() ? repair.orElseThrow().fed(tasks) : RowsRepair.grown(tasks);
            });
    byte[] codes = new byte[rows.rows() * rows.terms()];
    float[] scales = new float[rows.rows()];
    int r = 0;
    for (List<RepairedChannel> part : found) {
      for (RepairedChannel channel : part) {
        scales[r] = (float) channel.scale();
        for (int k = 0; k < rows.terms(); k++) {
          codes[r * rows.terms() + k] = (byte) channel.weights()[k];
        }
        r++;
      }
    }
    return new IntegerMatrix(
        rows.rows(), rows.terms(), codes, scales, preparation, goal.activations());
  }

  private static ChannelTask task(MatrixRows rows, int row, IntegerGoal goal) {
    double[] weights = rows.row(row);
    double scale = rows.scale(row, goal.most());
    return new ChannelTask(
        weights,
        weights,
        new ScaleChoice(scale, Float.MIN_NORMAL, Float.MAX_VALUE),
        new IntegerRange(-goal.most(), goal.most()),
        new IntegerRange(-goal.activations().most(), goal.activations().most()),
        goal.limits(rows.terms()),
        Preload.NONE);
  }
}
