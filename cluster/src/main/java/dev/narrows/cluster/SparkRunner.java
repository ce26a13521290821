package dev.narrows.cluster;

import dev.narrows.network.Network;
import dev.narrows.network.execute.Execution;
import dev.narrows.network.execute.ImageSource;
import dev.narrows.network.execute.LayerRegisters;
import dev.narrows.network.execute.NetworkRunner;
import dev.narrows.network.execute.RunOptions;
import dev.narrows.network.parts.ImageRange;
import dev.narrows.network.parts.PartMerger;
import dev.narrows.network.parts.PartRequest;
import dev.narrows.network.parts.PlacedSource;
import java.util.ArrayList;
import java.util.List;

/** Runs a network in parts, each a task of Spark's, and merges the answers as they come in. */
final class SparkRunner implements NetworkRunner {
  private final SparkClusterSession session;
  private final Network network;
  private final LayerRegisters registers;

  SparkRunner(SparkClusterSession session, Network network, LayerRegisters registers) {
    registers.of(network); // refuses rules that match nothing
    this.session = session;
    this.network = network;
    this.registers = registers;
  }

  @Override
  public Execution run(ImageSource source, RunOptions options) {
    PartRequest request = PartRequest.of(registers, options);
    PartMerger merger = new PartMerger(network, request, source.images(), options);
    int elements = network.inputElements();
    int parts = request.sequence() ? 1 : session.parts(source.images(), elements);
    List<ImageRange> ranges = ImageRange.split(source.images(), parts);
    if (ranges.isEmpty()) {
      return merger.result();
    }
    List<PartTask> tasks = new ArrayList<>();
    for (ImageRange range : ranges) {
      tasks.add(new PartTask(range.first(), PlacedSource.part(source, elements, range)));
    }
    SparkClusterSession.Sent sent = session.send(network);
    new SparkJob<>(session, description(source.images(), ranges.size()), PartAnswer.class)
        .run(
            tasks,
            new PartFunction(sent.id(), sent.bytes(), request),
            (part, answer) -> {
              session.note(answer.environment());
              merger.add(ranges.get(part).first(), answer.value());
            });
    return merger.result();
  }

  private String description(int images, int parts) {
    String base = registers.base().toString();
    return "%s in %s%s: %d images in %d parts"
        .formatted(
            network.name(),
            base,
            registers.rules().isEmpty() ? "" : " and per layer",
            images,
            parts);
  }

  /** There is nothing to free: what executors hold is for the next run. */
  @Override
  public void close() {}
}
