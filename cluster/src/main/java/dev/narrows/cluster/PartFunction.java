package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.experiments.input.BadInputException;
import dev.narrows.experiments.run.ExecutorEnvironment;
import dev.narrows.network.execute.Executor;
import dev.narrows.network.execute.LayerArithmeticException;
import dev.narrows.network.parts.PartRequest;
import java.io.Serializable;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * What an executor does with a part: a pure function of it and the network, so that it does not
 * matter who does it, how often, and which answer is taken.
 */
final class PartFunction extends AbstractFunction2<TaskContext, Iterator<PartTask>, PartAnswer>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final String id;
  private final Broadcast<byte[]> network;
  private final PartRequest request;

  /**
   * @param id of the network
   * @param network the bytes of its file
   */
  PartFunction(String id, Broadcast<byte[]> network, PartRequest request) {
    this.id = id;
    this.network = network;
    this.request = request;
  }

  @Override
  public PartAnswer apply(TaskContext context, Iterator<PartTask> tasks) {
    ExecutorEnvironment here = ExecutorNetworks.environment();
    int threads = Math.max(1, context.cpus()); // of the task's own: the others are other tasks'
    try {
      Executor executor = ExecutorNetworks.take(id, network, request, threads);
      PartAnswer answer = PartAnswer.of(here, request.run(executor, tasks.next().source()));
      ExecutorNetworks.giveBack(id, request, threads, executor);
      return answer;
    } catch (DataException
        | BadInputException
        | LayerArithmeticException
        | IllegalArgumentException e) {
      return PartAnswer.problem(here, e);
    }
  }
}
