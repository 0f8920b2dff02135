import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import io.netty.channel.Channel;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.h2.mvstore.MVStore;

/** Answers a command that may write only after a commit, and says that it is a MongoDB of 4.4. */
final class DurableBackend extends H2Backend {
  /** Commands that change nothing. Any other waits for a commit, so one that we forgot is slow, not lost. */
  private static final Set<String> READS =
      Set.of(
          "hello", "ismaster", "ping", "buildinfo", "whatsmyuri", "serverstatus", "hostinfo", "connectionstatus",
          "getparameter", "endsessions", "find", "getmore", "killcursors", "count", "distinct", "listcollections",
          "listindexes", "listdatabases", "collstats", "dbstats", "validate");

  private final MVStore store;
  private final CommitQueue commits;
  private final int compactionLimitMs;

  DurableBackend(MVStore store, CommitQueue commits, int compactionLimitMs) {
    super(store);
    this.store = store;
    this.commits = commits;
    this.compactionLimitMs = compactionLimitMs;
    version(new Mongo44());
  }

  @Override
  protected MongoDatabase openOrCreateDatabase(String name) {
    return new DurableDatabase(name, getMvStore(), getCursorRegistry());
  }

  @Override
  public Document handleCommand(Channel channel, String database, String command, Document query) {
    if (isRead(command.toLowerCase(Locale.ROOT), query)) {
      return super.handleCommand(channel, database, command, query);
    }
    UnaryOperator<Document> handler = part -> super.handleCommand(channel, database, command, part);
    return commits.write(() -> WriteAnswers.run(command, query, handler));
  }

  private static boolean isRead(String command, Document query) {
    if (command.equals("aggregate") && query.get("pipeline") instanceof Collection<?> stages) {
      return stages.stream().noneMatch(DurableBackend::writes);
    }
    return READS.contains(command);
  }

  private static boolean writes(Object stage) {
    return stage instanceof Document document && (document.containsKey("$out") || document.containsKey("$merge"));
  }

  @Override
  public void close() {
    store.close(compactionLimitMs);
    super.close();
  }

  /** Wire version 9: the oldest that the current Node driver accepts. */
  private static final class Mongo44 implements MongoVersion {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(4, 4, 0);
    }

    @Override
    public int getWireVersion() {
      return 9;
    }
  }
}
