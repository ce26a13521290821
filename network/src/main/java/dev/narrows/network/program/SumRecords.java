package dev.narrows.network.program;

import dev.narrows.core.dot.Decisions;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.FloatStatistics;
import dev.narrows.network.execute.LayerOverflowProfile;
import dev.narrows.network.execute.LayerRegister;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What runs of many small networks say of layers that sum, together, by the layers' names. */
final class SumRecords {
  private final Map<String, LayerRegister> registers = new LinkedHashMap<>();
  private final Map<String, LayerOverflowProfile> profiles = new LinkedHashMap<>();
  private final Map<String, FloatStatistics> statistics = new LinkedHashMap<>();
  private Decisions decisions = Decisions.none();

  /** Adds what one run of one network gave. */
  void add(Execution run) {
    run.registers().forEach(register -> registers.putIfAbsent(register.layer(), register));
    run.profiles().forEach(one -> profiles.merge(one.layer(), one, LayerOverflowProfile::plus));
    run.statistics().forEach(one -> statistics.merge(one.layer(), one, SumRecords::together));
    decisions = decisions.plus(run.decisions());
  }

  /** Adds what other runs gave. */
  void add(SumRecords other) {
    other.registers.forEach(registers::putIfAbsent);
    other.profiles.forEach((name, one) -> profiles.merge(name, one, LayerOverflowProfile::plus));
    other.statistics.forEach((name, one) -> statistics.merge(name, one, SumRecords::together));
    decisions = decisions.plus(other.decisions);
  }

  private static FloatStatistics together(FloatStatistics a, FloatStatistics b) {
    return new FloatStatistics(
        a.register(),
        Math.max(a.terms(), b.terms()),
        a.events().plus(b.events()),
        a.signal() + b.signal(),
        a.noise() + b.noise());
  }

  List<LayerRegister> registers() {
    return List.copyOf(registers.values());
  }

  List<LayerOverflowProfile> profiles() {
    return List.copyOf(profiles.values());
  }

  List<FloatStatistics> statistics() {
    return List.copyOf(statistics.values());
  }

  Decisions decisions() {
    return decisions;
  }
}
