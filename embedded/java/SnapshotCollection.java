import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.Index;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import java.util.List;
import java.util.stream.Collectors;
import org.h2.mvstore.MVMap;

/** A collection that hands out copies of its documents and asks the index that answers most of a filter. */
final class SnapshotCollection extends H2Collection {
  SnapshotCollection(
      MongoDatabase database,
      String name,
      CollectionOptions options,
      MVMap<Object, Document> documents,
      MVMap<String, Object> meta,
      CursorRegistry cursors) {
    super(database, name, options, documents, meta, cursors);
  }

  /** The library takes the first index that can help, which may be one that helps little. */
  @Override
  protected QueryResult queryDocuments(
      Document query, Document orderBy, int skip, int limit, int batchSize, Document projection) {
    OrderedIndex best = null;
    int bestScore = 0;
    for (Index<Object> index : getIndexes()) {
      if (index instanceof OrderedIndex candidate && candidate.score(query) > bestScore) {
        best = candidate;
        bestScore = candidate.score(query);
      }
    }
    return best == null
        ? matchDocuments(query, orderBy, skip, limit, batchSize, projection)
        : matchDocuments(query, best.getPositions(query), orderBy, skip, limit, batchSize, projection);
  }

  /**
   * The library changes a found document in place before it stores it, and answers with the stored one. With copies, a
   * stored document never changes: neither a commit nor the answer to another reader sees half an update.
   */
  @Override
  protected QueryResult createQueryResult(List<Document> found, int batchSize) {
    return super.createQueryResult(found.stream().map(Document::cloneDeeply).collect(Collectors.toList()), batchSize);
  }

  /** Saves encoding every document once more and a write to a second map, for a number that nobody reads. */
  @Override
  protected boolean tracksDataSize() {
    return false;
  }
}
