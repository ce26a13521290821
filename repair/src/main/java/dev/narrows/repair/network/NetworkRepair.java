package dev.narrows.repair.network;

import dev.narrows.core.accumulator.Exact;
import dev.narrows.core.bound.DotChannel;
import dev.narrows.core.bound.TapPhases;
import dev.narrows.core.dot.ZeroPointConvention;
import dev.narrows.core.format.IntegerFormat;
import dev.narrows.core.format.IntegerRange;
import dev.narrows.network.FileConstants;
import dev.narrows.network.LayerConstants;
import dev.narrows.network.Network;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegister;
import dev.narrows.network.layer.AveragePool;
import dev.narrows.network.layer.DotLayer;
import dev.narrows.network.layer.FloatLayersException;
import dev.narrows.network.layer.IntegerMatMul;
import dev.narrows.network.layer.Layer;
import dev.narrows.network.pass.InputRanges;
import dev.narrows.network.pass.LayerChannels;
import dev.narrows.network.targets.PairInstruction;
import dev.narrows.network.weights.DenseWeights;
import dev.narrows.network.weights.DotWeights;
import dev.narrows.network.weights.IntegerOperands;
import dev.narrows.network.weights.PackedWeights;
import dev.narrows.repair.calibrate.CalibrationTensors;
import dev.narrows.repair.calibrate.SamplePlan;
import dev.narrows.repair.calibrate.SampledTerms;
import dev.narrows.repair.channel.RepairedChannel;
import dev.narrows.repair.channel.RepairedChannel.Means;
import dev.narrows.repair.network.KeptRepairs.KeptLayer;
import dev.narrows.repair.network.LayerRepair.ChannelDone;
import dev.narrows.repair.network.LayerRepair.GroupTask;
import dev.narrows.repair.network.LayerRepair.SampledGroup;
import dev.narrows.repair.network.RepairedLayer.LayerWork;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Repairs a network, one layer after another, each on what the repaired layers before it make of
 * the calibration inputs, towards the sums of the original.
 */
public final class NetworkRepair {
  /** Values of sampled terms that are held at a time, of both networks each. */
  private static final int MOST_VALUES = 1 << 25;

  /** Layers that a note names. */
  private static final int NAMED = 4;

  private final Network network;
  private final Optional<FileConstants> file;
  private final RepairRequest request;
  private final ImageSource source;
  private final int threads;
  private final RepairProgress progress;
  private final InputRanges ranges;
  private final KeptRepairs kept;
  private final List<String> way = new ArrayList<>(); // what became of each layer so far
  private final List<RepairedLayer> layers = new ArrayList<>();
  private final List<String> shared = new ArrayList<>();
  private final List<String> few = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final Map<Integer, DotLayer> repairedLayers = new LinkedHashMap<>(); // by index
  private final Map<Integer, NarrowedTensor> narrowed = new LinkedHashMap<>(); // by tensor

  /** Told of each layer before it is looked at. */
  @FunctionalInterface
  public interface RepairProgress {
    void layer(String name, int done, int all);
  }

  /** A tensor that layers read rounded. */
  private record NarrowedTensor(InputNarrowing narrowing) {}

  /**
   * A repair that has done nothing yet.
   *
   * @param kept layers that repairs with the same file, inputs and request but for registers made
   */
  NetworkRepair(
      Network network,
      Optional<FileConstants> file,
      ImageSource source,
      RepairRequest request,
      int threads,
      RepairProgress progress,
      KeptRepairs kept) {
    this.kept = kept;
    this.network = network;
    this.file = file;
    this.request = request;
    this.source = source;
    this.threads = threads;
    this.progress = progress;
    this.ranges = InputRanges.of(network);
  }

  /**
   * Repairs a network.
   *
   * @param file whose format is to hold the repaired network; empty where any network will do
   * @param source calibration inputs, each by itself
   * @param threads whose number changes nothing but the time
   * @throws CannotRepairException if a channel would lose all its weights and may not, or not even
   *     that is enough
   * @throws FloatLayersException if a layer sums real numbers
   * @throws IllegalArgumentException if a rule or a name matches no layer, or inputs shall become
   *     narrower in a file whose activations stay
   * @throws IOException if the file cannot be read again
   */
  public static RepairedNetwork of(
      Network network,
      Optional<FileConstants> file,
      ImageSource source,
      RepairRequest request,
      int threads,
      RepairProgress progress)
      throws IOException {
    return new NetworkRepair(
            network, file, source, request, threads, progress, KeptRepairs.nothing())
        .run();
  }

  RepairedNetwork run() throws IOException {
    if (file.isPresent() && request.activations().allowed()) {
      throw new IllegalArgumentException(
          "the file's format keeps its activations; --out NAME.narrows takes narrower ones");
    }
    FloatLayersException.requireIntegers("a repair", network.layers());
    ExcludedLayers excluded = ExcludedLayers.of(network, request.exclude());
    List<LayerRegister> registers = request.registers().of(network);
    CalibrationTensors original = new CalibrationTensors(network, source, threads);
    CalibrationTensors repaired = new CalibrationTensors(network, source, threads);
    int all = (int) registers.stream().filter(r -> dot(r).isPresent()).count();
    int seen = 0;
    for (LayerRegister register : registers) {
      Layer layer = network.layer(register.layer());
      Optional<String> left = left(layer, register, excluded);
      way.add(left.isPresent() ? "left" : register.asked().toString());
      if (left.isPresent()) {
        if (!(layer instanceof AveragePool)) {
          layers.add(left(layer, register, left.get()));
        }
        continue;
      }
      progress.layer("layer " + layer.name(), seen++, all);
      repair((DotLayer) layer, register, original, repaired);
    }
    progress.layer("repaired", all, all);
    if (!shared.isEmpty()) {
      notes.add(
          "one scale for all channels, which grows as the widest channel asks: %s; the format"
                  .formatted(listed(shared))
              + " has no more of them (--out NAME.narrows gives each channel its own)");
    }
    if (!few.isEmpty()) {
      notes.add("warning: %s; more inputs (--limit) would help".formatted(String.join("; ", few)));
    }
    return new RepairedNetwork(Insertion.of(network, repairedLayers, rounded()), layers, notes);
  }

  private static String listed(List<String> names) {
    return names.size() <= NAMED
        ? String.join(", ", names)
        : String.join(", ", names.subList(0, NAMED))
            + " and %d others".formatted(names.size() - NAMED);
  }

  private Map<Integer, InputNarrowing> rounded() {
    Map<Integer, InputNarrowing> rounded = new LinkedHashMap<>();
    narrowed.forEach((tensor, one) -> rounded.put(tensor, one.narrowing()));
    return rounded;
  }

  private Optional<DotLayer> dot(LayerRegister register) {
    return network.layer(register.layer()) instanceof DotLayer dot
        ? Optional.of(dot)
        : Optional.empty();
  }

  private static RepairedLayer left(Layer layer, LayerRegister register, String why) {
    int channels = layer.output().channels();
    int terms = layer instanceof DotLayer dot ? dot.terms() : 0;
    return RepairedLayer.left(
        layer.name(), layer.kind(), channels, terms, register.asked().toString(), why);
  }

  /** Why a layer stays as it is. */
  private Optional<String> left(Layer layer, LayerRegister register, ExcludedLayers excluded) {
    if (layer instanceof IntegerMatMul) {
      return Optional.of("a product of activations has no weights to repair");
    }
    if (!(layer instanceof DotLayer)) {
      return Optional.of("pooling");
    }
    if (file.isPresent() && file.get().form(layer.name()).isEmpty()) {
      return Optional.of("the file's format cannot hold other weights of it");
    }
    if (excluded.names(layer.name())) {
      return Optional.of(RepairedLayer.EXCLUDED);
    }
    return register.accumulator() instanceof Exact && request.pairs().isEmpty()
        ? Optional.of("sums in an exact register")
        : Optional.empty();
  }

  private void repair(
      DotLayer layer,
      LayerRegister register,
      CalibrationTensors original,
      CalibrationTensors repaired)
      throws IOException {
    int index = network.layers().indexOf(layer);
    KeptLayer made = kept.of(way).orElse(null);
    if (made == null) {
      made = made(layer, index, register, original, repaired);
      kept.put(way, made);
    }
    repairedLayers.put(index, made.layer());
    if (made.narrowing().isPresent()) {
      InputNarrowing narrowing = made.narrowing().get();
      narrowed.put(layer.input(), new NarrowedTensor(narrowing));
      repaired.runTo(index);
      repaired.runAs(Insertion.alone(network.tensor(layer.input()), made.layer(), narrowing));
    } else {
      repaired.replace(index, made.layer());
    }
    layers.add(made.summary());
    made.few().ifPresent(few::add);
    made.note().ifPresent(notes::add);
    if (made.together()) {
      shared.add(layer.name());
    }
  }

  private KeptLayer made(
      DotLayer layer,
      int index,
      LayerRegister register,
      CalibrationTensors original,
      CalibrationTensors repaired)
      throws IOException {
    LayerRepair work = work(layer, register);
    int groups = layer.groups();
    int terms = Math.max(1, layer.terms());
    int most =
        Math.clamp(MOST_VALUES / terms, Math.min(request.columns(), 2 * terms), request.columns());
    SamplePlan plan = SamplePlan.of(source.images(), layer.output().positions(), most);
    int atOnce = Math.clamp(MOST_VALUES / Math.max(1, (long) terms * plan.columns()), 1, groups);
    Optional<InputNarrowing> narrowing = Optional.empty();
    List<ChannelDone> done = new ArrayList<>();
    List<GroupTask> waiting = new ArrayList<>();
    for (int first = 0; first < groups; first += atOnce) {
      int last = Math.min(groups, first + atOnce);
      List<SampledTerms> x = original.sample(index, plan, first, last);
      List<SampledTerms> own = repaired.sample(index, plan, first, last);
      if (first == 0) {
        narrowing = narrowing(work, x, own);
      }
      for (int group = first; group < last; group++) {
        SampledTerms terms_ = own.get(group - first);
        SampledTerms before = x.get(group - first);
        SampledTerms after =
            narrowing.map(one -> one.of(terms_)).orElse(terms_.equals(before) ? before : terms_);
        double step = narrowing.map(InputNarrowing::step).orElse(1.0);
        waiting.add(
            work.prepare(
                new SampledGroup(before, after, step), work.groupOf(group), narrowing, threads));
        if (!work.together() || group == groups - 1) {
          done.addAll(work.solve(waiting, threads));
          waiting.clear();
        }
      }
    }
    refuse(layer, register, done);
    double step = narrowing.map(InputNarrowing::step).orElse(1.0);
    IntegerOperands operands = operands(work, done, step);
    return new KeptLayer(
        layer.withOperands(operands),
        narrowing,
        new RepairedLayer(
            layer.name(),
            layer.kind(),
            operands.channels(),
            layer.terms(),
            register(work.register()),
            whole(work.register()),
            Optional.empty(),
            Optional.of(summary(work, narrowing, done, plan))),
        work.together(),
        few(layer, plan, done),
        unpacked(layer, operands));
  }

  private static Optional<String> few(DotLayer layer, SamplePlan plan, List<ChannelDone> done) {
    return plan.columns() < LayerRepair.FEW * layer.terms()
        ? Optional.of(
            "layer \"%s\" was repaired on %d dot products of %d terms, whose covariance has rank %d"
                .formatted(
                    layer.name(), plan.columns(), layer.terms(), done.getFirst().rank().orElse(0)))
        : Optional.empty();
  }

  private static Optional<String> unpacked(DotLayer layer, IntegerOperands operands) {
    return layer.integers().weights() instanceof PackedWeights packed
            && !(operands.weights() instanceof PackedWeights)
        ? Optional.of(
            "layer \"%s\" was pruned %d:%d, and is not any more: without feedback it would stay so"
                .formatted(layer.name(), packed.keep(), packed.group()))
        : Optional.empty();
  }

  private String register(LayerRegister register) {
    return request
        .pairs()
        .map(pairs -> pairs.instruction() + ", pairs in 16 bits")
        .orElse(register.asked().toString());
  }

  private OptionalInt whole(LayerRegister register) {
    return request.pairs().isPresent() || register.order().severalRegisters()
        ? OptionalInt.empty()
        : OptionalInt.of(register.accumulator().bits());
  }

  private LayerWork summary(
      LayerRepair work,
      Optional<InputNarrowing> narrowing,
      List<ChannelDone> done,
      SamplePlan plan) {
    Map<Means, Integer> means = new EnumMap<>(Means.class);
    done.forEach(one -> means.merge(one.channel().how(), 1, Integer::sum));
    double[] growth =
        IntStream.range(0, done.size())
            .mapToDouble(c -> done.get(c).channel().scale() / scale(work, c))
            .sorted()
            .toArray();
    double error = done.stream().mapToDouble(ChannelDone::error).sum();
    double variance = done.stream().mapToDouble(ChannelDone::variance).sum();
    IntegerRange inputs = narrowing.map(InputNarrowing::codes).orElseGet(work::inputs);
    return new LayerWork(
        means,
        growth[growth.length / 2],
        growth[growth.length - 1],
        variance == 0 ? 0 : error / variance,
        Math.max(inputs.max(), -inputs.min()),
        IntegerFormat.holding(inputs.min(), inputs.max()).bits(),
        narrowing.isPresent(),
        plan.columns());
  }

  private static double scale(LayerRepair work, int channel) {
    return work.operands().weights().scales()[channel];
  }

  private LayerRepair work(DotLayer layer, LayerRegister register) {
    IntegerRange inputs = ranges.multiplied(network, layer, register.zero());
    int zero = network.tensor(layer.input()).quantization().zeroPoint();
    TapPhases phases =
        LayerChannels.of(network, ranges, layer, register).channels().getFirst()
                instanceof DotChannel channel
            ? channel.phases()
            : TapPhases.one();
    return new LayerRepair(
        layer,
        register,
        inputs,
        zero,
        phases,
        file.flatMap(one -> one.form(layer.name())),
        request.pairs().map(pairs -> operands(layer, pairs)),
        request);
  }

  /** What an instruction multiplies for a layer's stored codes. */
  private IntegerRange operands(DotLayer layer, PairInstruction pairs) {
    IntegerFormat format = network.tensor(layer.input()).quantization().format();
    return ranges
        .multiplied(network, layer, ZeroPointConvention.RAW)
        .minus(format.min() - pairs.leastOperand());
  }

  private Optional<InputNarrowing> narrowing(
      LayerRepair work, List<SampledTerms> original, List<SampledTerms> repaired) {
    NarrowedTensor known = narrowed.get(work.layer().input());
    if (known != null) {
      return Optional.of(known.narrowing());
    }
    return request.activations().allowed() && request.pairs().isEmpty()
        ? NarrowingChoice.of(work, original.getFirst(), repaired.getFirst(), threads)
        : Optional.empty();
  }

  private void refuse(DotLayer layer, LayerRegister register, List<ChannelDone> done) {
    List<Integer> zero = new ArrayList<>();
    for (int c = 0; c < done.size(); c++) {
      RepairedChannel channel = done.get(c).channel();
      if (!channel.isSafe()) {
        throw new CannotRepairException(
            "layer \"%s\", channel %d: its bias alone does not fit %s, whatever the weights"
                .formatted(layer.name(), c, register.asked()));
      }
      if (!done.get(c).task().safe(channel.weights(), channel.scale())) {
        throw new IllegalStateException("channel %d of %s is not safe".formatted(c, layer.name()));
      }
      boolean had = Arrays.stream(done.get(c).task().given()).anyMatch(w -> w != 0);
      if (had && Arrays.stream(channel.weights()).allMatch(q -> q == 0)) {
        zero.add(c);
      }
    }
    if (!zero.isEmpty() && !request.allowZero()) {
      throw CannotRepairException.zero(layer.name(), zero, register.asked().toString());
    }
  }

  private IntegerOperands operands(LayerRepair work, List<ChannelDone> done, double step)
      throws IOException {
    IntegerOperands old = work.operands();
    int channels = old.channels();
    int terms = old.terms();
    int[] values = new int[channels * terms];
    double[] scales = new double[channels];
    int[] bias = new int[channels];
    double[] ratios = new double[channels];
    for (int c = 0; c < channels; c++) {
      RepairedChannel channel = done.get(c).channel();
      System.arraycopy(channel.weights(), 0, values, c * terms, terms);
      scales[c] = done.get(c).scale();
      bias[c] = done.get(c).bias();
      ratios[c] = scales[c] * step / scale(work, c);
    }
    if (file.isPresent()) {
      String name = work.layer().name();
      Network held = file.get().with(Map.of(name, new LayerConstants(values, scales, bias)));
      return ((DotLayer) held.layer(name)).integers();
    }
    boolean same = Arrays.stream(ratios).allMatch(ratio -> ratio == ratios[0]);
    boolean one = old.requantization().channels() == 1 && (work.together() || same);
    return new IntegerOperands(
        weights(old.weights(), scales, values),
        bias,
        ScaledRequantization.of(old.requantization(), one ? Arrays.copyOf(ratios, 1) : ratios),
        old.zero(),
        old.biasPlacement(),
        old.pinned());
  }

  /** Pruned weights stay packed if they still are pruned so. */
  private static DotWeights weights(DotWeights old, double[] scales, int[] values) {
    DenseWeights dense = new DenseWeights(old.channels(), old.terms(), old.bits(), scales, values);
    if (old instanceof PackedWeights packed) {
      try {
        return PackedWeights.of(dense, packed.keep(), packed.group());
      } catch (IllegalArgumentException e) {
        return dense; // said of the layer
      }
    }
    return dense;
  }
}
