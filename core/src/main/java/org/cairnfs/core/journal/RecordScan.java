package org.cairnfs.core.journal;

import java.io.IOException;
import java.util.List;
import org.cairnfs.core.journal.FrameScanner.BadFrameException;
import org.cairnfs.core.journal.FrameScanner.Frame;

/**
 * Goes through the records of a journal in order, those appended meanwhile not counted.
 *
 * @param from first sequence that is wanted
 * @param to last one
 * @param verifyFrom from which sequence on payloads are checked, and given
 */
record RecordScan(long from, long to, long verifyFrom) {
    /**
     * Shows the records of these segments to a visitor.
     *
     * @param segments in order, all retained by the caller
     * @throws JournalCorruptException if one of them is not there whole
     */
    void visit(List<Segment> segments, Journal.RecordVisitor visitor) throws IOException, JournalCorruptException {
        for (Segment segment : segments) {
            if (segment.lastSequence >= from && segment.header.firstSequence() <= to) {
                visit(segment, visitor);
            }
        }
    }

    private void visit(Segment segment, Journal.RecordVisitor visitor) throws IOException, JournalCorruptException {
        long last = Math.min(to, segment.lastSequence); // before end: so all up to it lie before the end
        FrameScanner scanner = new FrameScanner(segment, segment.end, verifyFrom);
        scanner.skipTo(from);
        try {
            Frame frame = scanner.next();
            for (; frame != null && frame.header().sequence() <= to; frame = scanner.next()) {
                FrameHeader header = frame.header();
                if (!header.isMark() && header.sequence() >= from) {
                    visitor.visit(header.sequence(), header.timeMillis(), frame.head(), frame.payload());
                }
            }
        } catch (BadFrameException e) {
            throw segment.corrupt(scanner.position(), scanner.lastSequence() + 1, e.getMessage());
        }
        if (scanner.lastSequence() < last) {
            throw segment.corrupt(
                    scanner.position(), scanner.lastSequence() + 1, "its records up to " + last + " are gone");
        }
    }
}
