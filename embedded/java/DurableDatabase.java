import de.bwaldvogel.mongo.MongoCollection;
import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.AbstractSynchronizedMongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.IndexKey;
import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.List;
import java.util.Set;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * One database: the maps of its collections and indexes in the H2 file. Not a subclass of the library's H2Database,
 * because that one opens its maps in its constructor, before a subclass could say how they are stored.
 */
final class DurableDatabase extends AbstractSynchronizedMongoDatabase<Object> {
  /** The prefix by which the library's backend finds the databases of a file. */
  private static final String DOCUMENTS_PREFIX = "databases.";

  private static final String META_PREFIX = "meta.";
  private static final String INDEX_PREFIX = "index.";

  private static final int CANNOT_CREATE_INDEX = 67;

  /** Options that the library accepts and then ignores, or applies to all documents. */
  private static final Set<String> UNSUPPORTED_OPTIONS =
      Set.of("partialFilterExpression", "collation", "expireAfterSeconds");

  private final MVStore store;

  DurableDatabase(String name, MVStore store, CursorRegistry cursors) {
    super(name, cursors);
    this.store = store;
    initializeNamespacesAndIndexes();
  }

  @Override
  protected MongoCollection<Object> openOrCreateCollection(String collection, CollectionOptions options) {
    MVMap<Object, Document> documents =
        store.openMap(documentsMap(collection), new MVMap.Builder<Object, Document>().valueType(new DocumentType()));
    MVMap<String, Object> meta = store.openMap(metaMap(collection));
    return new SnapshotCollection(this, collection, options, documents, meta, cursorRegistry);
  }

  @Override
  protected Index<Object> openOrCreateUniqueIndex(
      String collection, String index, List<IndexKey> keys, boolean sparse) {
    MVMap.Builder<KeyValue, Object> builder = new MVMap.Builder<KeyValue, Object>().keyType(new KeyType());
    return new OrderedIndex(store.openMap(indexMap(collection, index), builder), index, keys, sparse);
  }

  @Override
  protected synchronized void addIndex(Document description) {
    boolean primary = isPrimaryKeyIndex((Document) description.get("key"));
    if (!primary && !Boolean.TRUE.equals(description.get("unique"))) {
      throw refused(description, "only unique indexes are supported: append _id to the keys and make it unique");
    }
    for (String option : UNSUPPORTED_OPTIONS) {
      if (description.containsKey(option)) {
        throw refused(description, "the option " + option + " is not supported");
      }
    }
    super.addIndex(description);
  }

  private static MongoServerError refused(Document description, String reason) {
    String message = "index " + description.get("name") + ": " + reason + " (embedded store)";
    return new MongoServerError(CANNOT_CREATE_INDEX, "CannotCreateIndex", message);
  }

  @Override
  protected void dropIndex(MongoCollection<Object> collection, String index) {
    super.dropIndex(collection, index);
    store.removeMap(indexMap(collection.getCollectionName(), index));
  }

  @Override
  public void dropCollection(String collection, Oplog oplog) {
    super.dropCollection(collection, oplog);
    store.removeMap(documentsMap(collection));
    store.removeMap(metaMap(collection));
  }

  @Override
  public void moveCollection(MongoDatabase from, MongoCollection<?> collection, String newName) {
    throw new MongoServerError(238, "NotImplemented", "renaming a collection is not supported (embedded store)");
  }

  @Override
  protected long getStorageSize() {
    FileStore<?> file = store.getFileStore();
    return file == null ? 0 : file.size();
  }

  @Override
  protected long getFileSize() {
    return getStorageSize();
  }

  private String documentsMap(String collection) {
    return DOCUMENTS_PREFIX + getFullCollectionNamespace(collection);
  }

  private String metaMap(String collection) {
    return META_PREFIX + getFullCollectionNamespace(collection);
  }

  private String indexMap(String collection, String index) {
    return INDEX_PREFIX + getFullCollectionNamespace(collection) + "." + index;
  }
}
