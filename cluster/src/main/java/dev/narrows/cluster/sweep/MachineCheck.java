package dev.narrows.cluster.sweep;

import java.io.IOException;
import java.io.Serializable;
import org.apache.spark.api.java.function.Function;

/**
 * Whether the machine of an executor can do a sweep's work, found out before any of it begins.
 *
 * @param order of any trial: folder, program
 * @param holdMillis for which each check keeps its place, so that others go to other machines
 */
record MachineCheck(TrialOrder order, long holdMillis)
    implements Function<Integer, MachineCheck.MachineReport> {
  @Override
  public MachineReport call(Integer ignored) throws InterruptedException {
    String machine = HostedTrial.machine();
    String problem = "";
    try {
      order.mark().require(machine);
      order.command(machine, System.getenv());
    } catch (IOException e) {
      problem = String.valueOf(e.getMessage());
    }
    Thread.sleep(holdMillis);
    return new MachineReport(machine, problem);
  }

  /**
   * What was found.
   *
   * @param problem in one line that names the machine; empty if there is none
   */
  record MachineReport(String machine, String problem) implements Serializable {}
}
