package dev.narrows.network.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.narrows.core.bound.Certificate;
import dev.narrows.core.bound.ChannelCertificate;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.LayerBounds;
import dev.narrows.core.bound.LayerCertificate;
import dev.narrows.core.bound.Witness;
import dev.narrows.core.dot.Dot;
import dev.narrows.core.dot.Summation;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.core.format.Widths;
import dev.narrows.network.Network;
import dev.narrows.network.RandomNetworks;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.execute.LayerRegister.Origin;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.ReferenceExecutor;
import dev.narrows.network.layer.Layer;
import java.util.ArrayList;
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
          new ReferenceExecutor(network, LayerRegisters.of(Summation.parse(register)));
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
      ReferenceExecutor executor =
          new ReferenceExecutor(network, LayerRegisters.exact(), summation);
      executor.run(extremes(random, network));
      LayerRegisters named =
          LayerRegisters.of(
              summation,
              network.layers().stream()
                  .map(Layer::name)
                  .filter(name -> executor.profile(name).dots() > 0)
                  .collect(Collectors.toMap(name -> name, name -> summation)));
      InputRanges ranges = InputRanges.of(network);
      for (LayerRegister register : named.of(network)) {
        Layer layer = network.layer(register.layer());
        LayerBounds bounds =
            LayerBounds.of(LayerChannels.of(network, ranges, layer, register).channels());
        String place = layer.name() + ", seed " + (seed + round);
        assertThat(executor.profile(layer.name()).widestPath())
            .as(place)
            .isLessThanOrEqualTo(bounds.signSum());
        assertThat(bounds.signSum()).as(place).isLessThanOrEqualTo(bounds.l1());
        assertThat(bounds.l1()).as(place).isLessThanOrEqualTo(bounds.dataType());
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
                network,
                InputRanges.of(network),
                source,
                LayerRegisters.of(conventions).of(source));
        int input = source.inputs().getFirst();
        int zero = network.tensor(input).quantization().zeroPoint();
        IntegerRange codes =
            InputRanges.of(network).tensor(input).union(new IntegerRange(zero, zero));
        for (int c = 0; c < layer.channels().size(); c++) {
          ChannelCertificate channel = layer.channels().get(c);
          if (channel.witness().isPresent()) {
            Witness witness = channel.witness().get();
            int[] weights = ((DotChannel) channels.channels().get(c)).weights();
            long[] terms =
                IntStream.of(witness.order())
                    .mapToLong(k -> (witness.input()[k] - channels.stored().input()) * weights[k])
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
          .isEqualTo(
              certificate.layers().stream()
                  .allMatch(layer -> layer.bits() <= layer.own().orElse(16)));
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
  void certificate_exactLayers_areNoPartOfTheClaimUnlessNamed() {
    Network network = RandomNetworks.network(new Random(17), 80);
    LayerRegisters all = LayerRegisters.of(Summation.parse("int16:wrap"));
    List<String> claimed = new ArrayList<>();
    List<String> exempt = new ArrayList<>();
    for (LayerRegister register : all.of(network)) {
      boolean exact =
          register.origin() == Origin.POOLING || register.asked().equals(Summation.exact());
      (exact ? exempt : claimed).add(register.layer());
    }
    assertThat(all.of(network)).extracting(LayerRegister::origin).contains(Origin.PINNED);
    Certificate certificate = CertifyNetwork.of(network, 16, all);
    assertThat(certificate.layers()).extracting(LayerCertificate::name).isEqualTo(claimed);
    assertThat(certificate.conventions()).containsOnlyKeys("flattening", "taps");
    assertThat(exempt).hasSizeGreaterThan(1);
    for (String name : exempt) {
      LayerRegisters named = LayerRegisters.of(all.base(), Map.of(name, all.base()));
      assertThat(CertifyNetwork.of(network, 16, named).layers())
          .extracting(LayerCertificate::name)
          .contains(name);
    }
  }

  @Test
  void layerChannels_ofALayerWithoutSums_isRefused() {
    Network network = RandomNetworks.network(new Random(17), 30);
    LayerRegisters registers = LayerRegisters.exact();
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
