package dev.narrows.cli;

import dev.narrows.cli.terminal.Terminal;

/** Tells which round of a benchmark it is, a line a round. */
final class BenchProgress implements AutoCloseable {
  private final Terminal terminal;
  private int shown = -1;

  BenchProgress(Terminal terminal) {
    this.terminal = terminal;
  }

  /** What is at work; round 0 is for warming up. */
  void turn(String what, int round) {
    if (round != shown) {
      shown = round;
      terminal.note(
          round == 0 ? "comparing kernels with the reference, warming up" : "round " + round);
    }
  }

  @Override
  public void close() {
    shown = -1;
  }
}
