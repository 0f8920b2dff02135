import de.bwaldvogel.mongo.MongoServer;
import java.net.InetSocketAddress;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;

/**
 * A MongoDB server in one small process, for a laptop, tests and the demo: mongo-java-server on one H2 file.
 *
 * <p>Usage: {@code java EmbeddedMongo PORT FILE}. Prints one line when it answers; SIGTERM stops it and compacts the
 * file within {@link #COMPACTION_LIMIT_MS}.
 *
 * <p>Durability: a write is answered after it is in the file, so the death of this process (kill -9 too) loses nothing
 * acknowledged. The file is not synced to the disk, so a power loss may lose the last seconds; production uses a
 * MongoDB replica set.
 */
public final class EmbeddedMongo {
  /** Smaller pages than H2's 16 kB: a commit after every write rewrites whole pages, and most documents are small. */
  private static final int PAGE_BYTES = 4 * 1024;

  /**
   * How long a dead part of the file is kept before it is written over. The death of the process needs none of it; two
   * syncs later (CommitQueue) a power loss does not either, and the default of 45 s lets the file grow by gigabytes.
   */
  private static final int RETENTION_MS = 2_000;

  private static final int CACHE_MB = 64;
  private static final int COMPACTION_LIMIT_MS = 3_000;
  private static final int ACCEPTORS = 1;

  /** A command waits for its commit on the thread of its connection: enough threads that others go on meanwhile. */
  private static final int WORKERS = 16;

  private EmbeddedMongo() {}

  public static void main(String[] args) {
    if (args.length != 2) {
      System.err.println("usage: java EmbeddedMongo PORT FILE");
      System.exit(64);
    }
    try {
      start(Integer.parseInt(args[0]), args[1]);
    } catch (MVStoreException e) {
      System.err.println("cannot open " + args[1] + ": " + e.getMessage());
      System.exit(74);
    }
  }

  private static void start(int port, String file) {
    MVStore.Builder builder = new MVStore.Builder().fileName(file).autoCommitDisabled().compress();
    MVStore store = builder.pageSplitSize(PAGE_BYTES).cacheSize(CACHE_MB).open();
    store.setRetentionTime(RETENTION_MS);
    CommitQueue commits = new CommitQueue(store);
    MongoServer server = new MongoServer(new DurableBackend(store, commits, COMPACTION_LIMIT_MS));
    server.bind(new InetSocketAddress("127.0.0.1", port), ACCEPTORS, WORKERS);
    commits.startHousekeeping();
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow, "stop"));
    System.out.println("listening on mongodb://127.0.0.1:" + server.getLocalAddress().getPort());
  }
}
