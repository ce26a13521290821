package dev.narrows.network.parts;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Runs a network in parts in this process, in any order, every part sent as bytes: the plain form
 * of what a cluster does.
 */
public final class InParts implements NetworkRunner {
  private final Network network;
  private final LayerRegisters registers;
  private final int parts;
  private final Random random;

  /** A runner whose parts come in in an order that {@code random} chooses. */
  public InParts(Network network, LayerRegisters registers, int parts, Random random) {
    this.network = network;
    this.registers = registers;
    this.parts = parts;
    this.random = random;
  }

  @Override
  public Execution run(ImageSource source, RunOptions options) {
    PartRequest request = PartRequest.of(registers, options);
    PartMerger merger = new PartMerger(network, request, source.images(), options);
    List<ImageRange> ranges =
        new ArrayList<>(ImageRange.split(source.images(), request.sequence() ? 1 : parts));
    Collections.shuffle(ranges, random);
    for (ImageRange range : ranges) {
      TravellingSource part = PlacedSource.part(source, network.inputElements(), range);
      try (Executor executor = Executor.of(network, request.registers(), 1 + random.nextInt(2))) {
        merger.add(range.first(), RunPart.of(request.run(executor, part).bytes()));
      }
    }
    return merger.result();
  }

  @Override
  public void close() {}
}
