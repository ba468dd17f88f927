package org.cairnfs.core.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Origin;

/**
 * The bytes of a {@link JournalRecord}, the head of a journal entry.
 *
 * <p>Layout: format version (1 byte) = 1; kind (1 byte: 0 change set, 1 lazy); origin (1 byte: 0 or 1), if 1: client, slot,
 * sequence, arguments (8 bytes each) and the result (length, bytes); number of row changes (varint), each: its tag (1
 * byte) and fields ({@link RowChanges}); number of content
 * operations (varint), each: code (1 byte) and its numbers. Nothing follows. Damage is the journal's business
 * (checksums); here, bytes of an unknown version or shape are refused with {@link RecordFormatException}.
 */
public final class JournalRecordCodec {
    private static final int VERSION = 1;
    private static final int CHANGE_SET = 0;
    private static final int LAZY = 1;

    private JournalRecordCodec() {}

    public static ByteBuffer encode(JournalRecord record) {
        RecordWriter out = new RecordWriter();
        out.putByte(VERSION).putByte(record.kind() == JournalRecord.Kind.LAZY ? LAZY : CHANGE_SET);
        writeOrigin(out, record);
        out.putVarint(record.rows().size());
        for (RowChange change : record.rows()) {
            out.putByte(RowChanges.tag(change));
            RowChanges.writeFields(out, change);
        }
        out.putVarint(record.content().size());
        for (ContentOp op : record.content()) {
            ContentOpCodec.write(out, op);
        }
        return out.toBuffer();
    }

    private static void writeOrigin(RecordWriter out, JournalRecord record) {
        out.putByte(record.origin().isPresent() ? 1 : 0);
        if (record.origin().isPresent()) {
            Origin origin = record.origin().get();
            out.putFixed64(origin.client())
                    .putFixed64(origin.slot())
                    .putFixed64(origin.sequence())
                    .putFixed64(origin.arguments())
                    .putBytes(record.result());
        }
    }

    /** Reads a record from all that remains in {@code head}, whose position moves. */
    public static JournalRecord decode(ByteBuffer head) throws RecordFormatException {
        RecordReader in = new RecordReader(head);
        JournalRecord.Kind kind = readKind(in);
        Optional<Origin> origin = readOrigin(in);
        Bytes result = origin.isPresent() ? in.readBytes() : Bytes.EMPTY;
        List<RowChange> rows = readChanges(in);
        List<ContentOp> content = readContent(in);
        if (in.remaining() > 0) {
            throw new RecordFormatException(in.remaining() + " bytes follow a journal record");
        }
        return new JournalRecord(kind, rows, content, origin, result);
    }

    private static JournalRecord.Kind readKind(RecordReader in) throws RecordFormatException {
        int version = in.readByte();
        if (version != VERSION) {
            throw new RecordFormatException("a journal record of unknown version " + version);
        }
        int kind = in.readByte();
        if (kind != CHANGE_SET && kind != LAZY) {
            throw new RecordFormatException("a journal record of unknown kind " + kind);
        }
        return kind == LAZY ? JournalRecord.Kind.LAZY : JournalRecord.Kind.CHANGE_SET;
    }

    private static Optional<Origin> readOrigin(RecordReader in) throws RecordFormatException {
        if (!in.readFlag()) {
            return Optional.empty();
        }
        long client = in.readFixed64();
        long slot = in.readFixed64();
        long sequence = in.readFixed64();
        return Optional.of(new Origin(client, slot, sequence, in.readFixed64()));
    }

    private static List<RowChange> readChanges(RecordReader in) throws RecordFormatException {
        int count = in.readCount();
        List<RowChange> rows = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            rows.add(RowChanges.readFields(in, in.readByte()));
        }
        return rows;
    }

    private static List<ContentOp> readContent(RecordReader in) throws RecordFormatException {
        int count = in.readCount();
        List<ContentOp> content = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            content.add(ContentOpCodec.read(in));
        }
        return content;
    }
}
