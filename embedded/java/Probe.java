import de.bwaldvogel.mongo.backend.KeyValue;
import de.bwaldvogel.mongo.bson.BsonRegularExpression;
import de.bwaldvogel.mongo.bson.Document;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * The part of a filter that an index answers: values for its first keys (several where the filter has an $in), then at
 * most one range on the next key. All conditions of a filter hold together, so what is left out only lets more through.
 *
 * @param prefixes values of the first keys, each list equally long, normalised
 * @param low where the range begins, or null
 * @param high where the range ends, or null
 * @param keys the number of keys of the index
 */
record Probe(List<List<Object>> prefixes, Object low, Object high, int keys) {
  /** More probes than this are no better than a range. */
  private static final int MAX_PREFIXES = 10_000;

  private static final Probe USELESS = new Probe(List.of(List.of()), null, null, Integer.MAX_VALUE);

  static Probe of(List<String> paths, boolean sparse, Document query) {
    List<List<Object>> prefixes = List.of(List.of());
    boolean mayBeAbsent = sparse;
    for (String path : paths) {
      if (!query.containsKey(path)) {
        break;
      }
      Object condition = query.get(path);
      Collection<?> wanted = wantedValues(condition);
      if (wanted != null && wanted.size() * prefixes.size() <= MAX_PREFIXES) {
        prefixes = extend(prefixes, wanted);
        mayBeAbsent = mayBeAbsent && wanted.contains(null);
        continue;
      }
      Object low = bound(condition, "$gte", "$gt");
      Object high = bound(condition, "$lte", "$lt");
      if (low != null || high != null) {
        return new Probe(prefixes, low, high, paths.size());
      }
      break;
    }
    // a sparse index does not hold the documents without any of its keys, which null would match
    return mayBeAbsent ? USELESS : new Probe(prefixes, null, null, paths.size());
  }

  /** Whole keys first, then the number of known keys, then how closed the range is. */
  int score() {
    int known = prefixes.isEmpty() ? keys : prefixes.get(0).size(); // an empty $in: nothing can match
    int whole = known == keys ? 1_000 : 0;
    return whole + 4 * known + (low != null && high != null ? 3 : low != null || high != null ? 1 : 0);
  }

  /** The values a condition allows if it is an equality or an $in, else null. */
  private static Collection<?> wantedValues(Object condition) {
    if (condition instanceof Document operators && isOperators(operators)) {
      if (operators.containsKey("$eq")) {
        return wantedValues(operators.get("$eq"));
      }
      boolean usable = operators.get("$in") instanceof Collection<?> list && list.stream().allMatch(Probe::isValue);
      return usable ? (Collection<?>) operators.get("$in") : null;
    }
    if (!isValue(condition)) {
      return null;
    }
    List<Object> one = new ArrayList<>();
    one.add(condition);
    return one;
  }

  private static Object bound(Object condition, String closed, String open) {
    if (condition instanceof Document operators && isOperators(operators)) {
      Object value = operators.containsKey(closed) ? operators.get(closed) : operators.get(open);
      return value != null && isValue(value) ? normalise(value) : null;
    }
    return null;
  }

  private static List<List<Object>> extend(List<List<Object>> prefixes, Collection<?> values) {
    TreeSet<Object> distinct = new TreeSet<>(KeyType::compareValues);
    values.forEach(value -> distinct.add(normalise(value)));
    List<List<Object>> extended = new ArrayList<>();
    for (List<Object> prefix : prefixes) {
      for (Object value : distinct) {
        List<Object> longer = new ArrayList<>(prefix);
        longer.add(value);
        extended.add(longer);
      }
    }
    return extended;
  }

  private static Object normalise(Object value) {
    List<Object> one = new ArrayList<>();
    one.add(value);
    return new KeyValue(one).normalized().get(0);
  }

  /** Arrays and regular expressions match otherwise than by equality. */
  private static boolean isValue(Object value) {
    return !(value instanceof Collection) && !BsonRegularExpression.isRegularExpression(value)
        && !(value instanceof Document document && isOperators(document));
  }

  private static boolean isOperators(Document document) {
    return document.keySet().stream().anyMatch(key -> key.startsWith("$"));
  }
}
