package dev.narrows.repair.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.weights.IntegerOperands;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTensorsTest {
  private static final int IMAGES = 5;

  /** What is sampled must multiply to what the reference puts out there, whatever the layer. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void sample_everyDotLayer_givesTheReferencesOutputs(int threads) {
    int layers = 0;
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Network network = RandomNetworks.network(random, 9);
      int[] codes = RandomNetworks.codes(random, network.input(), IMAGES);
      ImageSource source = ImageSource.of(network, codes, IMAGES);
      CalibrationTensors tensors = new CalibrationTensors(network, source, threads);
      ReferenceExecutor reference = new ReferenceExecutor(network, LayerRegisters.exact());
      List<List<int[]>> expected = new ArrayList<>();
      int elements = network.input().elements();
      for (int image = 0; image < IMAGES; image++) {
        expected.add(
            reference.tensors(Arrays.copyOfRange(codes, image * elements, (image + 1) * elements)));
      }
      for (int i = 0; i < network.layers().size(); i++) {
        if (network.layers().get(i) instanceof DotLayer layer) {
          SamplePlan plan = SamplePlan.of(IMAGES, layer.output().positions(), 4 * IMAGES);
          List<SampledTerms> sampled = tensors.sample(i, plan, 0, layer.groups());
          requireOutputs(layer, sampled, plan, expected, i + 1);
          layers++;
        }
      }
    }
    assertThat(layers).isGreaterThan(60);
  }

  private static void requireOutputs(
      DotLayer layer,
      List<SampledTerms> sampled,
      SamplePlan plan,
      List<List<int[]>> expected,
      int tensor) {
    IntegerOperands operands = layer.integers();
    int[] weights = operands.weights().dense();
    int channels = layer.output().channels() / layer.groups();
    for (int c = 0; c < layer.output().channels(); c++) {
      SampledTerms terms = sampled.get(c / channels);
      for (int j = 0; j < plan.columns(); j++) {
        long sum = operands.bias()[c];
        for (int k = 0; k < layer.terms(); k++) {
          sum += (long) weights[c * layer.terms() + k] * terms.values()[k * plan.columns() + j];
        }
        int image = j / plan.each();
        int position = plan.position(image, j % plan.each());
        int[] made = expected.get(image).get(tensor);
        assertThat(operands.requantization().apply(c, sum))
            .isEqualTo(made[c * layer.output().positions() + position]);
      }
    }
  }

  @Test
  void plan_positionsOfAnImage_differAndCoverTheOutputs() {
    SamplePlan plan = SamplePlan.of(100, 64, 1000);
    assertThat(plan.each()).isEqualTo(10);
    Set<Integer> all = new HashSet<>();
    for (int image = 0; image < 100; image++) {
      Set<Integer> own = new HashSet<>();
      for (int each = 0; each < 10; each++) {
        own.add(plan.position(image, each));
      }
      assertThat(own).hasSize(10).allMatch(position -> position >= 0 && position < 64);
      all.addAll(own);
    }
    assertThat(all).hasSize(64);
  }

  @Test
  void moments_ofColumns_areThoseOfPlainSums() {
    Random random = new Random(5);
    int columns = 9000; // more than one slice
    SampledTerms x = new SampledTerms(20, columns, random.ints(20L * columns, 0, 256).toArray());
    SampledTerms y = new SampledTerms(20, columns, random.ints(20L * columns, -8, 8).toArray());
    long[] gram = GramMatrix.of(x, y, 2);
    TermMoments moments = TermMoments.of(x, y, 3, 2);
    for (int i : new int[] {0, 7, 19}) {
      for (int k : new int[] {0, 11, 19}) {
        long sum = 0;
        long left = 0;
        long right = 0;
        for (int j = 0; j < columns; j++) {
          sum += (long) x.values()[i * columns + j] * y.values()[k * columns + j];
          left += x.values()[i * columns + j];
          right += y.values()[k * columns + j];
        }
        assertThat(gram[i * 20 + k]).isEqualTo(sum);
        double covariance = 3.0 * sum / columns - 3.0 * left / columns * (right / (double) columns);
        assertThat(moments.cross()[i * 20 + k])
            .isCloseTo(covariance, org.assertj.core.data.Offset.offset(1e-6));
      }
    }
  }

  /** Of inputs that are a linear map of others, the target weights undo the map. */
  @Test
  void target_ofInputsThatAreHalved_doublesTheWeights() {
    Random random = new Random(6);
    int columns = 500;
    int[] half = random.ints(3L * columns, 0, 100).toArray();
    int[] whole = Arrays.stream(half).map(v -> 2 * v).toArray();
    TermMoments moments =
        TermMoments.of(
            new SampledTerms(3, columns, whole), new SampledTerms(3, columns, half), 1, 1);
    double[] target = new TargetWeights(moments, 1e-9).of(new double[] {1, -3, 0.5});
    assertThat(target)
        .containsExactly(new double[] {2, -6, 1}, org.assertj.core.data.Offset.offset(1e-6));
  }
}
