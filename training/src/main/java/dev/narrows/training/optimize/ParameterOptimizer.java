package dev.narrows.training.optimize;

import dev.narrows.training.optimize.OptimizerSpec.Adam;
import dev.narrows.training.optimize.OptimizerSpec.Sgd;
import java.util.List;

/**
 * Updates a flat array of parameters. The state is {@link #first}, {@link #second} and {@link
 * #steps}: with these saved and restored, training continues with the same bits.
 *
 * @see "docs/training.md, Straight-through gradients"
 */
public final class ParameterOptimizer {
  private static final Adam SCALE_RULE = new Adam(0.9, 0.999, 1e-12, 0);

  private final OptimizerSpec spec;
  private final List<Slot> slots;
  private final float[] first;
  private final float[] second;
  private long steps;

  /** Starts with empty state for {@code size} parameters. */
  public ParameterOptimizer(OptimizerSpec spec, List<Slot> slots, int size) {
    this.spec = spec;
    this.slots = List.copyOf(slots);
    this.first = new float[size];
    this.second = new float[size];
  }

  /** Momentum or Adam's first moment, parallel to the parameters; live. */
  public float[] first() {
    return first;
  }

  /** Adam's second moment, parallel to the parameters; live. */
  public float[] second() {
    return second;
  }

  public long steps() {
    return steps;
  }

  /** Puts saved state back. */
  public void restore(float[] savedFirst, float[] savedSecond, long savedSteps) {
    System.arraycopy(savedFirst, 0, first, 0, first.length);
    System.arraycopy(savedSecond, 0, second, 0, second.length);
    steps = savedSteps;
  }

  /**
   * One update in place.
   *
   * @param rate learning rate of weights, biases and batch norm
   * @param scaleRate learning rate of log2 scales
   */
  public void step(float[] values, float[] gradients, double rate, double scaleRate) {
    steps++;
    for (Slot slot : slots) {
      switch (slot.kind()) {
        case LOG_SCALE -> adam(SCALE_RULE, slot, values, gradients, scaleRate, 0f);
        case WEIGHT -> apply(slot, values, gradients, rate, (float) spec.weightDecay());
        case OTHER -> apply(slot, values, gradients, rate, 0f);
      }
    }
  }

  private void apply(Slot slot, float[] values, float[] gradients, double rate, float decay) {
    switch (spec) {
      case Sgd sgd -> sgd(sgd, slot, values, gradients, (float) rate, decay);
      case Adam adam -> adam(adam, slot, values, gradients, rate, decay);
    }
  }

  private void sgd(
      Sgd rule, Slot slot, float[] values, float[] gradients, float rate, float decay) {
    float momentum = (float) rule.momentum();
    float look = rule.nesterov() ? momentum : 1f;
    float direct = rule.nesterov() ? 1f : 0f;
    for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
      float gradient = gradients[i] + decay * values[i];
      float speed = momentum * first[i] + gradient;
      first[i] = speed;
      values[i] -= rate * (direct * gradient + look * speed);
    }
  }

  private void adam(
      Adam rule, Slot slot, float[] values, float[] gradients, double rate, float decay) {
    float beta1 = (float) rule.beta1();
    float beta2 = (float) rule.beta2();
    double correct1 = 1 - StrictMath.pow(rule.beta1(), (double) steps);
    double correct2 = 1 - StrictMath.pow(rule.beta2(), (double) steps);
    float stride = (float) (rate / correct1);
    float root = (float) (1 / Math.sqrt(correct2));
    float epsilon = (float) rule.epsilon();
    for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
      float gradient = gradients[i] + decay * values[i];
      first[i] = beta1 * first[i] + (1 - beta1) * gradient;
      second[i] = beta2 * second[i] + (1 - beta2) * gradient * gradient;
      values[i] -= stride * first[i] / ((float) Math.sqrt(second[i]) * root + epsilon);
    }
  }
}
