import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.exception.MongoServerError;
import de.bwaldvogel.mongo.exception.MongoSilentServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Corrects where the library answers a write differently from MongoDB. */
final class WriteAnswers {
  private static final int NAMESPACE_NOT_FOUND = 26;

  private WriteAnswers() {}

  static Document run(String command, Document query, UnaryOperator<Document> handler) {
    switch (command) {
      case "insert":
        return countInserted(query, handler.apply(query));
      case "update":
        return isOrdered(query) ? runInOrder(query, handler) : handler.apply(query);
      case "drop":
        return drop(query, handler);
      default:
        return handler.apply(query);
    }
  }

  /** The library refuses to drop what is not there without the code by which drivers know that it is no failure. */
  private static Document drop(Document query, UnaryOperator<Document> handler) {
    try {
      return handler.apply(query);
    } catch (MongoSilentServerException e) {
      throw new MongoServerError(NAMESPACE_NOT_FOUND, "NamespaceNotFound", e.getMessage());
    }
  }

  private static boolean isOrdered(Document query) {
    return !Boolean.FALSE.equals(query.get("ordered"));
  }

  /** The library counts refused documents as inserted. */
  private static Document countInserted(Document query, Document answer) {
    List<Document> errors = documents(answer, "writeErrors");
    if (!errors.isEmpty()) {
      int sent = documents(query, "documents").size();
      answer.put("n", isOrdered(query) ? ((Number) errors.get(0).get("index")).intValue() : sent - errors.size());
    }
    return answer;
  }

  /** The library goes on after a failed update of an ordered batch; MongoDB stops there. */
  private static Document runInOrder(Document query, UnaryOperator<Document> handler) {
    List<Document> updates = documents(query, "updates");
    int matched = 0;
    int modified = 0;
    List<Document> upserted = new ArrayList<>();
    List<Document> errors = new ArrayList<>();
    Document answer = new Document();
    for (int index = 0; index < updates.size() && errors.isEmpty(); index++) {
      Document part = query.clone();
      part.put("updates", List.of(updates.get(index)));
      answer = handler.apply(part);
      matched += ((Number) answer.get("n")).intValue();
      modified += ((Number) answer.get("nModified")).intValue();
      collect(answer, "upserted", index, upserted);
      collect(answer, "writeErrors", index, errors);
    }
    answer.put("n", matched);
    answer.put("nModified", modified);
    putUnlessEmpty(answer, "upserted", upserted);
    putUnlessEmpty(answer, "writeErrors", errors);
    return answer;
  }

  private static void collect(Document answer, String field, int index, List<Document> into) {
    for (Document entry : documents(answer, field)) {
      entry.put("index", index);
      into.add(entry);
    }
  }

  private static void putUnlessEmpty(Document answer, String field, List<Document> entries) {
    answer.remove(field);
    if (!entries.isEmpty()) {
      answer.put(field, entries);
    }
  }

  private static List<Document> documents(Document of, String field) {
    List<Document> found = new ArrayList<>();
    if (of.get(field) instanceof Iterable<?> entries) {
      entries.forEach(entry -> found.add((Document) entry));
    }
    return found;
  }
}
