import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVStore;

/**
 * Applies writes one at a time and returns from each only when a commit holds it.
 *
 * <p>One at a time, because a write changes several maps (documents, one per index) and a commit taken in the middle of
 * another write would leave a document without its index entry after a crash. The lock is fair, so writers that wait
 * apply their change before the first of them commits for all.
 */
final class CommitQueue {
  private static final int HOUSEKEEPING_INTERVAL_MS = 1_000;

  /** Below this the file may be as full of dead space as it likes. */
  private static final long SMALL_FILE_BYTES = 32L * 1024 * 1024;

  /** Dead space is moved out of chunks that are less full than this, so much at a time that no write waits long. */
  private static final int WANTED_FILL_PERCENT = 60;

  private static final int MOVED_AT_ONCE_BYTES = 512 * 1024;

  private final MVStore store;
  private final ReentrantLock turn = new ReentrantLock(true);
  private long applied;
  private long committed;

  CommitQueue(MVStore store) {
    this.store = store;
  }

  <T> T write(Supplier<T> change) {
    long mine = 0;
    turn.lock();
    try {
      return change.get();
    } finally {
      // also after a failure: what a failed batch did before its failure is seen by readers, so it must be kept
      mine = ++applied;
      turn.unlock();
      commitUpTo(mine);
    }
  }

  private void commitUpTo(long write) {
    turn.lock();
    try {
      if (committed < write) {
        store.commit();
        committed = applied;
      }
    } catch (RuntimeException e) {
      // memory is now ahead of the file (disk full, say): going on would acknowledge what is not kept
      System.err.println("cannot write the data file, stopping: " + e.getMessage());
      Runtime.getRuntime().halt(74);
    } finally {
      turn.unlock();
    }
  }

  /** Every commit leaves dead pages behind and H2's own background writer is off (it would commit half a write). */
  void startHousekeeping() {
    Thread thread = new Thread(this::keepHouse, "housekeeping");
    thread.setDaemon(true);
    thread.start();
  }

  private void keepHouse() {
    while (!store.isClosed()) {
      try {
        Thread.sleep(HOUSEKEEPING_INTERVAL_MS);
      } catch (InterruptedException e) {
        return;
      }
      store.getFileStore().sync(); // outside the turn: a slow disk must not hold up writes
      turn.lock();
      try {
        if (!store.isClosed() && store.getFileStore().size() > SMALL_FILE_BYTES) {
          store.compact(WANTED_FILL_PERCENT, MOVED_AT_ONCE_BYTES);
        }
      } finally {
        turn.unlock();
      }
    }
  }
}
