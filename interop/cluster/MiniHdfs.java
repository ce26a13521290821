import java.io.File;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/**
 * A file system of Hadoop in one process on 127.0.0.1: a name node, a data node, and a copy of local files.
 *
 * <pre>java -cp JARS MiniHdfs.java PORT FOLDER FILE…</pre>
 *
 * <p>Says {@code ready hdfs://127.0.0.1:PORT} when the files are there, and goes on until it is killed.
 */
final class MiniHdfs {
  private MiniHdfs() {}

  public static void main(String[] words) throws Exception {
    Configuration settings = new Configuration();
    settings.set("dfs.datanode.hostname", "127.0.0.1");
    settings.setInt("dfs.replication", 1);
    settings.setInt("dfs.blocksize", 1 << 20); // files of some megabytes lie in several blocks
    settings.setInt("dfs.namenode.fs-limits.min-block-size", 1 << 16);
    MiniDFSCluster cluster =
        new MiniDFSCluster.Builder(settings, new File(words[1]))
            .numDataNodes(1)
            .nameNodePort(Integer.parseInt(words[0]))
            .format(true)
            .build();
    cluster.waitActive();
    FileSystem files = cluster.getFileSystem();
    for (int i = 2; i < words.length; i++) {
      files.copyFromLocalFile(new Path(new File(words[i]).getAbsolutePath()), new Path("/"));
    }
    System.out.println("ready " + files.getUri());
    Thread.currentThread().join();
  }
}
