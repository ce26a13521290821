package dev.narrows.network.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.DotLayer;
import dev.narrows.network.Layer;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.execute.Registers;
import dev.narrows.network.pass.BoundNetwork.LayerWidth;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PassesTest {
  private static final List<String> CONVENTIONS =
      List.of("", ":zero(raw)", ":zero(offset)", ":bias(preload)", ":zero(raw):bias(preload)");

  private static int[] extremes(Random random, Network network) {
    return RandomNetworks.codes(random, network.input(), 1);
  }

  @Test
  void inputRanges_anyInputAndRegister_codesStayInside() {
    long seed = 900;
    for (int round = 0; round < 200; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 8);
      InputRanges ranges = InputRanges.of(network);
      String register = List.of("exact", "int7:saturate", "int6:wrap").get(random.nextInt(3));
      ReferenceExecutor executor =
          new ReferenceExecutor(network, Registers.of(Summation.parse(register)));
      List<int[]> tensors = executor.tensors(extremes(random, network));
      for (int t = 0; t < tensors.size(); t++) {
        IntegerRange range = ranges.tensor(t);
        assertThat(IntStream.of(tensors.get(t)))
            .as("tensor %s, seed %d", network.tensorName(t), seed + round)
            .allMatch(code -> range.contains(code));
      }
    }
  }

  @Test
  void bounds_profilesOfRuns_neverWiderThanTheSignSumBound() {
    long seed = 1900;
    for (int round = 0; round < 150; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 6);
      Summation summation = Summation.parse("exact:sorted(1)" + CONVENTIONS.get(random.nextInt(5)));
      ReferenceExecutor executor = new ReferenceExecutor(network, Registers.exact(), summation);
      executor.run(extremes(random, network));
      Registers named =
          Registers.of(
              summation,
              network.layers().stream()
                  .map(Layer::name)
                  .filter(name -> executor.profile(name).dots() > 0)
                  .collect(Collectors.toMap(name -> name, name -> summation)));
      for (LayerWidth width : BoundNetwork.of(network, named)) {
        String place = width.layer() + ", seed " + (seed + round);
        assertThat(executor.profile(width.layer()).widestPath())
            .as(place)
            .isLessThanOrEqualTo(width.bounds().signSum());
        assertThat(width.bounds().signSum()).as(place).isLessThanOrEqualTo(width.bounds().l1());
        assertThat(width.bounds().l1()).as(place).isLessThanOrEqualTo(width.bounds().dataType());
      }
    }
  }

  @Test
  void certificate_witnessOnItsLayerAlone_fitsItsWidthAndOverflowsOneBitBelow() {
    long seed = 2900;
    int witnesses = 0;
    for (int round = 0; round < 150; round++) {
      Random random = new Random(seed + round);
      Network network = RandomNetworks.network(random, 6);
      Summation conventions = Summation.parse("int16:wrap" + CONVENTIONS.get(random.nextInt(5)));
      Certificate certificate = CertifyNetwork.of(network, 16, conventions);
      for (LayerCertificate layer : certificate.layers()) {
        Layer source = network.layer(layer.name());
        LayerChannels channels =
            LayerChannels.of(
                network, InputRanges.of(network), source, Registers.of(conventions).of(source));
        int input = source.inputs().getFirst();
        int zero = network.tensor(input).quantization().zeroPoint();
        IntegerRange codes =
            InputRanges.of(network).tensor(input).union(new IntegerRange(zero, zero));
        for (int c = 0; c < layer.channels().size(); c++) {
          ChannelCertificate channel = layer.channels().get(c);
          if (channel.witness().isPresent()) {
            Witness witness = channel.witness().get();
            int[] weights = channels.channels().get(c).weights();
            long[] terms =
                IntStream.of(witness.order())
                    .mapToLong(k -> (witness.input()[k] - channels.storedOffset()) * weights[k])
                    .toArray();
            String place = layer.name() + " channel " + c + ", seed " + (seed + round);
            long[] running = prefixes(terms, witness.start());
            assertThat(running).as(place).contains(witness.write());
            assertThat(Arrays.stream(running).map(Widths::of).max().orElseThrow())
                .as(place)
                .isEqualTo(channel.bits())
                .isEqualTo(witness.bits() + 1);
            assertThat(
                    Dot.sum(
                            Summation.exact().accumulator(),
                            Summation.exact().order(),
                            terms,
                            witness.start())
                        .pathBits())
                .as(place)
                .isEqualTo(channel.bits());
            assertThat(LongStream.of(witness.input())).as(place).allMatch(x -> codes.contains(x));
            witnesses++;
          }
        }
      }
      assertThat(certificate.holds())
          .isEqualTo(certificate.layers().stream().allMatch(layer -> layer.bits() <= 16));
    }
    assertThat(witnesses).as("seed %d", seed).isGreaterThan(300);
  }

  private static long[] prefixes(long[] terms, long start) {
    long[] running = new long[terms.length + 1];
    running[0] = start;
    for (int i = 0; i < terms.length; i++) {
      running[i + 1] = running[i] + terms[i];
    }
    return running;
  }

  @Test
  void certificate_pinnedAndPoolingLayers_areNoPartOfTheClaimUnlessNamed() {
    Network network = RandomNetworks.network(new Random(17), 30);
    Registers all = Registers.of(Summation.parse("int16:wrap"));
    List<String> claimed =
        all.of(network).stream()
            .filter(r -> r.origin() == Origin.BASE)
            .map(r -> r.layer())
            .toList();
    Certificate certificate = CertifyNetwork.of(network, 16, all);
    assertThat(certificate.layers()).extracting(LayerCertificate::name).isEqualTo(claimed);
    assertThat(certificate.conventions()).containsOnlyKeys("flattening");
    DotLayer pinned =
        network.dotLayers().stream()
            .filter(layer -> layer.operands().pinned().isPresent())
            .findFirst()
            .orElseThrow();
    Registers named =
        Registers.of(all.base(), Map.of(pinned.name(), Summation.parse("int16:wrap")));
    assertThat(CertifyNetwork.of(network, 16, named).layers())
        .extracting(LayerCertificate::name)
        .contains(pinned.name());
  }

  @Test
  void layerChannels_ofALayerWithoutSums_isRefused() {
    Network network = RandomNetworks.network(new Random(17), 30);
    Registers registers = Registers.exact();
    Layer summing = network.dotLayers().getFirst();
    Layer clamp =
        network.layers().stream()
            .filter(layer -> layer.kind().equals("flatten") || layer.kind().equals("maxPool"))
            .findFirst()
            .orElseThrow();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> LayerChannels.of(network, InputRanges.of(network), clamp, registers.of(summing)))
        .withMessageContaining("have no dot products");
  }
}
