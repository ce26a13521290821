import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.SignSumBound;
import dev.narrows.core.dot.OverflowClass;
import dev.narrows.core.dot.OverflowProfile;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.dot.SummationOrder;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.kernels.Columns;
import dev.narrows.kernels.IntegerWeights;
import dev.narrows.kernels.MatrixProduct;

/** The bound, the profile and the sums of a weight matrix, from the artifacts alone. */
final class Consumer {
  public static void main(String[] args) {
    // @start region="matrix"
    // @start region="bound"
    int[] weights = {100, 100, -100}; // one channel of three terms
    var bound = SignSumBound.of(new DotChannel(weights, new IntegerRange(0, 1)));
    System.out.println("no input needs more than " + bound.bits() + " bits");
    // @end region="bound"

    var product = new MatrixProduct(IntegerWeights.of(1, 3, weights));
    var inputs = new Columns(3, 1);
    inputs.shape(3, 1);
    for (int k = 0; k < 3; k++) {
      inputs.values()[k * inputs.stride()] = 1;
    }
    int[] sum = new int[1];
    var profile = OverflowProfile.builder();
    product.classify(new SummationOrder.Sequential(), inputs, new int[0], sum, 0, 1, profile);
    System.out.println(
        "in 8 bits " + profile.build().count(OverflowClass.TRANSIENT, 8) + " sum is transient");
    for (String register : new String[] {"int8:saturate", "int8:saturate:sorted"}) {
      product.multiply(Summation.parse(register), inputs, new int[0], sum, 0, 1);
      System.out.println(register + " gives " + sum[0]);
    }
    // @end region="matrix"
  }
}
