package dev.narrows.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Measures kernels beside a yardstick, a binary32 product whose code never changes, and beside what
 * the processor's ports allow. All of them, and contestants from outside, take turns.
 *
 * <p>Products are of 256 channels, K = 576 and 256 columns; every kernel is first compared with
 * core's reference on fewer outputs.
 */
public final class KernelBenchmark {
  private static final int ROUNDS = 8;
  private static final int WARM_UP = 4; // slices
  private static final int PROBE_ROUNDS = 20_000;
  private static final int CLOCK_ROUNDS = 100_000;
  private static final double CLOCK_CYCLES = 4; // of a step
  private static final String YARDSTICK = "yardstick";

  /** A vector step that takes longer is not compiled: the slowest have sixteen instructions. */
  private static final long SLOWEST_STEP_NANOS = 50;

  /** A product that is slower, in GMAC/s, is not compiled. */
  private static final double SLOWEST_PRODUCT = 0.01;

  private final List<KernelCase> cases;
  private final int threads;
  private final Turns turns;

  /**
   * @param kernels chooses by name; with none, the yardstick alone is measured
   * @param threads that work at once, each on operands of its own; at least 1
   * @param seconds for each kernel, warming up included
   */
  public KernelBenchmark(Predicate<String> kernels, int threads, double seconds) {
    this.cases = KernelCases.all().stream().filter(one -> kernels.test(one.name())).toList();
    this.threads = threads;
    this.turns = new Turns(ROUNDS, Math.round(seconds * 1e9 / (ROUNDS + WARM_UP)));
  }

  /** The names of all kernels. */
  public static List<String> names() {
    return KernelCases.all().stream().map(KernelCase::name).toList();
  }

  /** What is multiplied, in words. */
  public static String shape() {
    KernelShape shape = KernelShape.MEASURED;
    return "%d channels, K = %d, %d columns, operands of 8 bits"
        .formatted(shape.channels(), shape.terms(), shape.columns());
  }

  /**
   * Measures.
   *
   * @param others take their turns, too
   * @param progress is told what is at work, and in which round: 0 while all warm up
   * @throws IllegalStateException if a kernel's answer is not the reference's
   * @throws IOException if a contestant fails
   */
  public KernelReport run(List<Contestant> others, BiConsumer<String, Integer> progress)
      throws IOException {
    for (KernelCase one : cases) {
      progress.accept("comparing " + one.name() + " with the reference", 0);
      one.work().apply(KernelShape.CHECKED).check();
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("bench-", 0)::unstarted)) {
      return measured(pool, others, progress);
    }
  }

  private KernelReport measured(
      ExecutorService pool, List<Contestant> others, BiConsumer<String, Integer> progress)
      throws IOException {
    Contestant yardstick =
        new TimedKernel(YARDSTICK, slowestProduct(), threads, pool, KernelBenchmark::yardstick);
    PortProbes ticks = new PortProbes();
    Contestant clock =
        new TimedKernel(
            "clock",
            CLOCK_ROUNDS * SLOWEST_STEP_NANOS,
            1,
            pool,
            () -> () -> ticks.clock(CLOCK_ROUNDS));
    Map<InstructionMix, Contestant> probes = new LinkedHashMap<>();
    for (InstructionMix mix : mixes()) {
      probes.put(
          mix,
          new TimedKernel(
              mix.name(), stepsOfACall(mix) * SLOWEST_STEP_NANOS, threads, pool, () -> probe(mix)));
    }
    Map<KernelCase, Contestant> kernels = new LinkedHashMap<>();
    for (KernelCase one : cases) {
      kernels.put(
          one,
          new TimedKernel(
              one.name(),
              slowestProduct(),
              threads,
              pool,
              () -> one.work().apply(KernelShape.MEASURED)::run));
    }
    List<Contestant> all = new ArrayList<>(List.of(clock, yardstick));
    all.addAll(probes.values());
    all.addAll(kernels.values());
    all.addAll(others);
    Timings times =
        turns.run(all, (contestant, round) -> progress.accept(contestant.name(), round));
    double gigahertz = CLOCK_ROUNDS * CLOCK_CYCLES / times.of(clock).best();
    ToDoubleFunction<InstructionMix> steps =
        mix -> threads * stepsOfACall(mix) / times.of(probe(probes, mix)).best();
    List<KernelFigure> figures = new ArrayList<>();
    Predicate<InstructionMix> compiled = // else a limit would tell of the compiler's queue
        mix -> probe(probes, mix).plausible(Math.round(times.of(probe(probes, mix)).best()));
    kernels.forEach((one, contestant) -> {
      Optional<PortLimit> limit =
          one.limit().filter(derived -> derived.mixes().stream().allMatch(compiled));
      figures.add(figure(one, limit, times.of(contestant), steps));
    });
    return new KernelReport(
        threads,
        gigahertz,
        rate(times.of(yardstick)),
        times.of(yardstick).spread(),
        PortLimit.of(InstructionMix.FUSED_MULTIPLY_ADD).rate(steps),
        cases.isEmpty() ? List.of() : rates(steps, gigahertz),
        figures,
        others.stream().map(one -> other(one, times.of(one))).toList());
  }

  /** Those that the chosen kernels need, and single instructions to show. */
  private Collection<InstructionMix> mixes() {
    Set<InstructionMix> mixes = new LinkedHashSet<>(Set.of(InstructionMix.FUSED_MULTIPLY_ADD));
    if (!cases.isEmpty()) {
      mixes.addAll(InstructionMix.SINGLE);
    }
    cases.forEach(one -> one.limit().ifPresent(limit -> mixes.addAll(limit.mixes())));
    return mixes;
  }

  private double rate(Timing timing) {
    return threads * KernelShape.MEASURED.multiplications() / timing.best();
  }

  private KernelFigure figure(
      KernelCase one,
      Optional<PortLimit> limit,
      Timing timing,
      ToDoubleFunction<InstructionMix> steps) {
    return new KernelFigure(
        one.name(),
        one.about(),
        rate(timing),
        timing.spread(),
        limit.map(derived -> derived.rate(steps)),
        one.limit().map(PortLimit::words).orElse(""),
        one.floor());
  }

  /** Of one thread. */
  private List<InstructionRate> rates(ToDoubleFunction<InstructionMix> steps, double gigahertz) {
    return InstructionMix.SINGLE.stream()
        .map(mix -> {
          double each = steps.applyAsDouble(mix) / threads * mix.instructions().size();
          String name = String.join(", ", mix.instructions().stream().distinct().toList());
          return new InstructionRate(name, each, each / gigahertz);
        })
        .toList();
  }

  private static OtherFigure other(Contestant contestant, Timing timing) {
    return new OtherFigure(contestant.name(), timing.best(), timing.spread());
  }

  private static long slowestProduct() {
    return Math.round(KernelShape.MEASURED.multiplications() / SLOWEST_PRODUCT);
  }

  private static Contestant probe(Map<InstructionMix, Contestant> probes, InstructionMix mix) {
    return Optional.ofNullable(probes.get(mix)).orElseThrow();
  }

  private static Runnable probe(InstructionMix mix) {
    PortProbes probes = new PortProbes();
    return () -> mix.run(probes, PROBE_ROUNDS);
  }

  private static long stepsOfACall(InstructionMix mix) {
    return mix.run(new PortProbes(), 1) * PROBE_ROUNDS;
  }

  private static Runnable yardstick() {
    KernelShape shape = KernelShape.MEASURED;
    IntegerBenchmarkOperands operands = IntegerBenchmarkOperands.measured();
    Binary32Product product =
        new Binary32Product(
            shape.channels(),
            shape.terms(),
            shape.columns(),
            operands.weights(),
            operands.inputs());
    float[] out = new float[shape.channels() * shape.columns()];
    return () -> product.multiply(out);
  }
}
