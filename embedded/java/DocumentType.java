import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.bson.BsonDecoder;
import de.bwaldvogel.mongo.wire.bson.BsonEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Map;
import org.h2.mvstore.WriteBuffer;
import org.h2.mvstore.type.BasicDataType;

/** Documents in the file as BSON: a fraction of the size and time of Java serialization, H2's way for other classes. */
final class DocumentType extends BasicDataType<Document> {
  private static final int OBJECT_BYTES = 48;

  @Override
  public void write(WriteBuffer buffer, Document document) {
    ByteBuf encoded = Unpooled.buffer();
    BsonEncoder.encodeDocument(document, encoded);
    buffer.put(encoded.array(), encoded.arrayOffset(), encoded.readableBytes());
  }

  @Override
  public Document read(ByteBuffer buffer) {
    ByteBuf encoded = Unpooled.wrappedBuffer(buffer);
    Document document = BsonDecoder.decodeBson(encoded);
    buffer.position(buffer.position() + encoded.readerIndex());
    return document;
  }

  /** An estimate: it decides when a page is split and how much is kept in memory. */
  @Override
  public int getMemory(Document document) {
    return sizeOf(document);
  }

  private static int sizeOf(Object value) {
    int bytes = OBJECT_BYTES;
    if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        bytes += OBJECT_BYTES + sizeOf(entry.getValue());
      }
    } else if (value instanceof Collection<?> list) {
      for (Object element : list) {
        bytes += sizeOf(element);
      }
    } else if (value instanceof String text) {
      bytes += text.length();
    }
    return bytes;
  }

  @Override
  public Document[] createStorage(int size) {
    return new Document[size];
  }
}
