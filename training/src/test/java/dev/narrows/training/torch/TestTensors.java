package dev.narrows.training.torch;

import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** Tensors that tests make, and what they hold. */
final class TestTensors {
  private TestTensors() {}

  /** Random integers in [−limit, limit]; they come in the order of the shape. */
  static Tensor integers(RandomGenerator random, int limit, long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = random.nextInt(2 * limit + 1) - limit;
    }
    return Torch.dense(Torch.vector(values).reshape(shape));
  }

  /** A copy that collects gradients. */
  static Tensor leaf(Tensor values) {
    Tensor leaf = values.detach().mul(new Scalar(1f));
    leaf.set_requires_grad(true);
    return leaf;
  }

  /** The elements in the order of memory, which is channels last for images. */
  static float[] values(Tensor tensor) {
    return Torch.floats(Torch.dense(tensor)).toArray(ValueLayout.JAVA_FLOAT);
  }
}
