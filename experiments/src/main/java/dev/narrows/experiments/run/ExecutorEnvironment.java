package dev.narrows.experiments.run;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A process that worked for a command, perhaps on another machine.
 *
 * @param id what the cluster calls it
 * @param host its machine
 * @param engine what runs it, with its version
 * @param jdk version and vendor
 * @param cpu model name
 * @param processors that its JVM may use
 * @param vectorBits width of the vectors that kernels use, 0 where unknown
 * @param heapBytes the most memory that its JVM takes for objects
 */
public record ExecutorEnvironment(
    String id,
    String host,
    String engine,
    String jdk,
    String cpu,
    int processors,
    int vectorBits,
    long heapBytes)
    implements Serializable {
  /** This process. */
  public static ExecutorEnvironment here(String id, String host, String engine) {
    return new ExecutorEnvironment(
        id,
        host,
        engine,
        Environment.jvm(),
        Environment.cpuModel(),
        Runtime.getRuntime().availableProcessors(),
        Environment.preferredVectorBits(),
        Runtime.getRuntime().maxMemory());
  }

  /** As {@code environment.json} has it. */
  Map<String, Object> map() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", id);
    map.put("host", host);
    map.put("engine", engine);
    map.put("jdk", jdk);
    map.put("cpu", cpu);
    map.put("processors", processors);
    map.put("vectorBits", vectorBits);
    map.put("heapBytes", heapBytes);
    return map;
  }
}
