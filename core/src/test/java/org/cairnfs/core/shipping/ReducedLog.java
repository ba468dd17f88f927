package org.cairnfs.core.shipping;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.data.codec.ChunkCodec;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.journal.Journal;
import org.cairnfs.core.record.JournalRecordCodec;
import org.cairnfs.core.record.RecordFormatException;
import org.cairnfs.core.testkit.MemoryJournal;

/** The records of a journal as they go into the bucket and come back: window by window without what was overtaken, in bodies of log objects. */
public final class ReducedLog {
    private final List<Stretch> windows = new ArrayList<>();
    private long rows;

    private record Stretch(long first, byte[] body) {}

    /** Adds the records of one window. */
    public void window(MemoryJournal journal, long from, long to) throws Exception {
        NewestChanges newest = new NewestChanges();
        journal.heads(from, to, (sequence, time, head, payload) -> {
            try {
                newest.note(sequence, JournalRecordCodec.decode(head.duplicate()));
            } catch (RecordFormatException e) {
                throw new AssertionError(e);
            }
        });
        NewestChanges.Filter filter = newest.filter();
        LogBody.Writer body = new LogBody.Writer(from);
        journal.heads(from, to, (sequence, time, head, payload) -> {
            try {
                var record = filter.reduce(sequence, JournalRecordCodec.decode(head.duplicate()));
                rows += record.rows().size();
                if (!record.rows().isEmpty()) {
                    body.put(new LogItem.Logged(sequence, record));
                }
            } catch (RecordFormatException e) {
                throw new AssertionError(e);
            }
        });
        windows.add(new Stretch(from, body.encode(new ChunkCodec(Compression.DEFAULT))));
    }

    /** Rows that were left. */
    public long rows() {
        return rows;
    }

    /** Gives the records above a sequence. */
    public void records(long above, Journal.RecordVisitor visitor) {
        for (Stretch window : windows) {
            try {
                LogBody.<RuntimeException>read(window.body(), window.first(), item -> {
                    LogItem.Logged logged = (LogItem.Logged) item;
                    if (logged.sequence() > above) {
                        visitor.visit(logged.sequence(), 0, JournalRecordCodec.encode(logged.record()), null);
                    }
                });
            } catch (org.cairnfs.core.bytes.MalformedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
