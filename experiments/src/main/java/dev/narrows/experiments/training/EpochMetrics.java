package dev.narrows.experiments.training;

/**
 * One row of {@code metrics.csv}: a finished epoch.
 *
 * @param phase float, prune, quantize or register
 * @param epoch of the phase, counted from 1
 * @param loss mean over the training images
 * @param trainAccuracy in percent, NaN of targets that are no classes
 * @param validationAccuracy in percent, or the measure of targets that are no classes; NaN without
 *     validation images
 * @param rate the learning rate of the last step
 * @param kept N of N:M while pruning, else 0
 * @param bits P while training through a register, else 0
 * @param seconds of wall time
 */
public record EpochMetrics(
    String phase,
    int epoch,
    double loss,
    double trainAccuracy,
    double validationAccuracy,
    double rate,
    int kept,
    int bits,
    double seconds) {
  /** The first line of {@code metrics.csv}. */
  public static final String HEADER =
      "phase,epoch,loss,trainAccuracy,validationAccuracy,rate,kept,bits,seconds";

  /** This row of {@code metrics.csv}; NaN is left empty. */
  public String csv() {
    return String.join(
        ",",
        phase,
        Integer.toString(epoch),
        number(loss),
        number(trainAccuracy),
        number(validationAccuracy),
        number(rate),
        Integer.toString(kept),
        Integer.toString(bits),
        number(seconds));
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : Double.toString(value);
  }
}
