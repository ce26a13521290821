package dev.narrows.cluster;

import dev.narrows.data.DataException;
import dev.narrows.network.parts.ImageRange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/** Finds the images of a folder that cannot be read, by trying them all. */
final class UnreadableImages {
  private UnreadableImages() {}

  /**
   * What a task found.
   *
   * @param images by their place in the task's
   * @param problems why, in the same order
   */
  private record Found(ArrayList<Integer> images, ArrayList<String> problems)
      implements Serializable {}

  /** Tries a task's images. */
  private static final class Try extends AbstractFunction2<TaskContext, Iterator<PartTask>, Found>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Found apply(TaskContext context, Iterator<PartTask> tasks) {
      Found found = new Found(new ArrayList<>(), new ArrayList<>());
      if (tasks.next().source() instanceof FolderImages images) {
        for (int i = 0; i < images.images(); i++) {
          try {
            images.decode(images.file(i));
          } catch (DataException e) {
            found.images().add(i);
            found.problems().add(e.getMessage());
          }
        }
      }
      return found;
    }
  }

  /** Why images cannot be read, by their place among all. */
  static Map<Integer, String> of(SparkClusterSession session, FolderImages images, int elements) {
    List<ImageRange> ranges =
        ImageRange.split(images.images(), session.parts(images.images(), elements));
    List<PartTask> tasks = new ArrayList<>();
    ranges.forEach(range -> tasks.add(new PartTask(range.first(), images.some(range.indices()))));
    Map<Integer, String> all = new TreeMap<>();
    new SparkJob<>(session, "which images cannot be read?", Found.class)
        .run(
            tasks,
            new Try(),
            (task, found) -> {
              for (int i = 0; i < found.images().size(); i++) {
                all.put(ranges.get(task).first() + found.images().get(i), found.problems().get(i));
              }
            });
    return all;
  }
}
