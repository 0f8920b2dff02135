import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.backend.Missing;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.DuplicateKeyError;
import de.bwaldvogel.mongo.exception.MongoServerError;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;

/**
 * A unique index in the order of its keys, so that a filter may use the first keys only and end in a range.
 *
 * <p>A document has exactly one entry, or none in a sparse index that finds none of its keys (a key that is there and
 * null counts as found, as in MongoDB). An array within an indexed path is refused: it would need several entries a
 * document, and no collection of ours indexes one.
 *
 * <p>Not synchronised: the collection lets in one operation at a time, and its map bears readers beside a writer.
 */
final class OrderedIndex extends Index<Object> {
  private static final int BAD_VALUE = 2;

  private final MVMap<KeyValue, Object> entries;
  private final List<String> paths;

  OrderedIndex(MVMap<KeyValue, Object> entries, String name, List<IndexKey> keys, boolean sparse) {
    super(name, keys, sparse);
    this.entries = entries;
    this.paths = keys();
  }

  /** How much of the filter this index answers; 0 if it cannot help. */
  int score(Document query) {
    return Probe.of(paths, isSparse(), query).score();
  }

  @Override
  public boolean canHandle(Document query) {
    return score(query) > 0;
  }

  /** The documents that may match, in the order of the index; the collection checks each against the whole filter. */
  @Override
  public Iterable<Object> getPositions(Document query) {
    Probe probe = Probe.of(paths, isSparse(), query);
    List<Object> positions = new ArrayList<>();
    for (List<Object> prefix : probe.prefixes()) {
      if (prefix.size() == paths.size()) {
        addIfFound(entries.get(new KeyValue(prefix)), positions);
      } else {
        scan(prefix, probe, positions);
      }
    }
    return positions;
  }

  private static void addIfFound(Object position, List<Object> positions) {
    if (position != null) {
      positions.add(position);
    }
  }

  private void scan(List<Object> prefix, Probe probe, List<Object> positions) {
    List<Object> from = new ArrayList<>(prefix);
    if (probe.low() != null) {
      from.add(probe.low());
    }
    // a key that is the beginning of another sorts before it, so this starts at the first entry of the range
    Cursor<KeyValue, Object> cursor = entries.cursor(from.isEmpty() ? null : new KeyValue(from));
    while (cursor.hasNext()) {
      KeyValue key = cursor.next();
      if (!startsWith(key, prefix) || isBeyond(probe.high(), key, prefix.size())) {
        return;
      }
      positions.add(cursor.getValue());
    }
  }

  private static boolean isBeyond(Object high, KeyValue key, int at) {
    return high != null && KeyType.compareValues(key.get(at), high) > 0;
  }

  private static boolean startsWith(KeyValue key, List<Object> prefix) {
    for (int i = 0; i < prefix.size(); i++) {
      if (KeyType.compareValues(key.get(i), prefix.get(i)) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public Object getPosition(Document document) {
    KeyValue entry = entryOf(document);
    return entry == null ? null : entries.get(entry);
  }

  @Override
  public void checkAdd(Document document, MongoCollection<Object> collection) {
    KeyValue entry = entryOf(document);
    if (entry != null && entries.containsKey(entry)) {
      throw new DuplicateKeyError(this, collection, getKeys(), entry);
    }
  }

  @Override
  public void add(Document document, Object position, MongoCollection<Object> collection) {
    checkAdd(document, collection);
    KeyValue entry = entryOf(document);
    if (entry != null) {
      entries.put(entry, Missing.ofNullable(position));
    }
  }

  @Override
  public Object remove(Document document) {
    KeyValue entry = entryOf(document);
    return entry == null ? null : entries.remove(entry);
  }

  @Override
  public void checkUpdate(Document before, Document after, MongoCollection<Object> collection) {
    if (!Objects.equals(entryOf(before), entryOf(after))) {
      checkAdd(after, collection);
    }
  }

  @Override
  public void updateInPlace(Document before, Document after, Object position, MongoCollection<Object> collection) {
    if (!Objects.equals(entryOf(before), entryOf(after))) {
      remove(before);
      add(after, position, collection);
    }
  }

  /** The normalised key of a document (1, 1.0 and 1L are equal, missing is null), or null if it has no entry. */
  private KeyValue entryOf(Document document) {
    Object[] values = new Object[paths.size()];
    boolean found = false;
    for (int i = 0; i < values.length; i++) {
      Object value = valueAt(document, paths.get(i));
      found = found || !(value instanceof Missing);
      values[i] = value;
    }
    return isSparse() && !found ? null : new KeyValue(Arrays.asList(values)).normalized();
  }

  private Object valueAt(Document document, String path) {
    Object value = document;
    for (String field : path.split("\\.")) {
      value = value instanceof Document parent ? parent.getOrMissing(field) : Missing.getInstance();
      if (value instanceof Collection) {
        String message = "index " + getName() + ": '" + path + "' leads to an array (embedded store)";
        throw new MongoServerError(BAD_VALUE, "BadValue", message);
      }
    }
    return value;
  }

  @Override
  public long getCount() {
    return entries.sizeAsLong();
  }

  @Override
  public long getDataSize() {
    return getCount();
  }

  @Override
  public boolean isUnique() {
    return true;
  }

  /** The database removes the map. */
  @Override
  public void drop() {}
}
