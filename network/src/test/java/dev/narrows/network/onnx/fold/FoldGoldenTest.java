package dev.narrows.network.onnx.fold;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narrows.network.array.NdTensor;
import dev.narrows.network.array.NdType;
import dev.narrows.network.onnx.graph.OnnxFile;
import dev.narrows.network.onnx.graph.OnnxModel;
import dev.narrows.network.onnx.graph.OnnxNode;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** ONNX's own tests of operators, all their inputs constant (interop/onnx/fold_golden.py). */
class FoldGoldenTest {
  private static final double CLOSE = 1e-5; // of float32 functions, by other libraries

  private record Constants(Map<String, NdTensor> all) implements KnownValues {
    @Override
    public Optional<NdTensor> constant(String name) {
      return Optional.ofNullable(all.get(name));
    }

    @Override
    public Optional<List<Integer>> dims(String name) {
      return constant(name).map(NdTensor::dims);
    }

    @Override
    public Optional<NdType> type(String name) {
      return constant(name).map(NdTensor::type);
    }
  }

  private static OnnxModel golden() throws IOException, URISyntaxException {
    return OnnxFile.read(
        Path.of(
            Objects.requireNonNull(FoldGoldenTest.class.getResource("/golden/onnx/fold.onnx"))
                .toURI()));
  }

  @Test
  void fold_onnxOwnTests_makeWhatTheyMust() throws IOException, URISyntaxException {
    OnnxModel model = golden();
    KnownValues values = new Constants(model.graph().initializers());
    NodeFolding folding = new NodeFolding(model.opsets(), 1 << 20);
    TreeSet<String> computed = new TreeSet<>();
    List<String> left = new ArrayList<>();
    for (OnnxNode node : model.graph().nodes()) {
      Optional<List<NdTensor>> made = folding.fold(node, values);
      if (made.isEmpty()) {
        left.add(node.name());
        continue;
      }
      computed.add(node.operator());
      for (int i = 0; i < node.outputs().size(); i++) {
        String output = node.outputs().get(i);
        NdTensor expected = values.constant("expected/" + output).orElseThrow();
        assertThat(made.get().get(i).describe()).as(output).isEqualTo(expected.describe());
        requireSame(output, made.get().get(i), expected);
      }
    }
    assertThat(computed).hasSizeGreaterThan(55);
    assertThat(left).allMatch(name -> name.matches(LEFT)).hasSizeLessThan(100);
  }

  /** Forms that are left to layers: FP8, 4-bit floats, strings, reductions within a scatter. */
  private static final String LEFT =
      "test_(cast|castlike|cast_like|equal_string|pad|constant_pad|quantizelinear|dequantizelinear"
          + "|scatter_elements|scatternd|scatter|clip|reduce).*";

  private static void requireSame(String name, NdTensor made, NdTensor expected) {
    if (!expected.type().isFloating()) {
      assertThat(made).as(name).isEqualTo(expected);
      return;
    }
    double[] got = made.doubles();
    double[] values = expected.doubles();
    for (int i = 0; i < values.length; i++) {
      boolean same =
          Double.compare(got[i], values[i]) == 0
              || got[i] == values[i]
              || Math.abs(got[i] - values[i]) <= CLOSE * Math.max(1, Math.abs(values[i]));
      assertThat(same).as("%s: %s, expected %s", name, Arrays.toString(got), values[i]).isTrue();
    }
  }

  /** A few bytes of a file may ask for what memory affords, not for any number of gigabytes. */
  @Test
  void fold_largeResultOfASmallFile_isLeft() throws IOException, URISyntaxException {
    OnnxModel model = golden();
    OnnxNode expand =
        model.graph().nodes().stream()
            .filter(node -> node.operator().equals("Expand"))
            .findFirst()
            .orElseThrow();
    NodeFolding folding = new NodeFolding(model.opsets(), 1000);
    assertThat(folding.fold(expand, expanded(expand, 300_000_000))).isEmpty();
    assertThat(folding.fold(expand, expanded(expand, 1 << 22))).isPresent();
  }

  /** Of what a constant is cast like, only the type has to be known. */
  @Test
  void fold_castLikeAComputedValue_needsItsTypeOnly() throws IOException, URISyntaxException {
    OnnxModel model = golden();
    OnnxNode cast =
        model.graph().nodes().stream()
            .filter(node -> node.operator().equals("CastLike"))
            .findFirst()
            .orElseThrow();
    KnownValues values =
        new KnownValues() {
          @Override
          public Optional<NdTensor> constant(String name) {
            return name.equals(cast.input(0))
                ? Optional.of(NdTensor.of(new long[] {7}, 1))
                : Optional.empty();
          }

          @Override
          public Optional<List<Integer>> dims(String name) {
            return Optional.empty();
          }

          @Override
          public Optional<NdType> type(String name) {
            return name.equals(cast.input(1)) ? Optional.of(NdType.FLOAT) : Optional.empty();
          }
        };
    assertThat(new NodeFolding(model.opsets(), 1000).fold(cast, values))
        .contains(List.of(NdTensor.of(new float[] {7}, 1)));
  }

  private static KnownValues expanded(OnnxNode expand, long size) {
    return new Constants(
        Map.of(
            expand.input(0), NdTensor.of(new float[] {1}, 1),
            expand.input(1), NdTensor.of(new long[] {size}, 1)));
  }
}
