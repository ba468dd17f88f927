package org.cairnfs.core.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.cairnfs.core.fs.Bytes;

/** A record as tests know it. */
record Entry(String head, Bytes payload) {

    /** An entry whose payload is {@code length} random bytes. */
    static Entry of(String head, long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return new Entry(head, Bytes.ofTrusted(bytes));
    }

    static List<Entry> random(Random random, int count, int maxHead, int maxPayload) {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int length = random.nextInt(3) == 0 ? 0 : random.nextInt(maxPayload + 1);
            entries.add(of("record " + i + " " + "x".repeat(random.nextInt(maxHead)), random.nextLong(), length));
        }
        return entries;
    }

    ByteBuffer headBuffer() {
        return ByteBuffer.wrap(head.getBytes(StandardCharsets.UTF_8));
    }

    long appendTo(Journal journal) throws JournalFailedException {
        return journal.append(headBuffer(), payload.asBuffer()).sequence();
    }

    /** Replays all records from a sequence on, checks that sequences count up by one, and reads the payloads. */
    static List<Entry> replay(Journal journal, long from) throws JournalFailedException, JournalCorruptException {
        record Seen(long sequence, String head, Journal.PayloadRef payload) {}
        List<Seen> seen = new ArrayList<>();
        journal.replay(
                from,
                (sequence, time, head, payload) -> seen.add(
                        new Seen(sequence, StandardCharsets.UTF_8.decode(head).toString(), payload)));
        List<Entry> entries = new ArrayList<>();
        long expected = Math.max(from, journal.oldestSequence());
        for (Seen record : seen) {
            if (record.sequence != expected) {
                throw new AssertionError("sequence " + record.sequence + " instead of " + expected);
            }
            expected++;
            byte[] payload = new byte[record.payload.length()];
            journal.readPayload(record.payload, 0, ByteBuffer.wrap(payload));
            entries.add(new Entry(record.head, Bytes.ofTrusted(payload)));
        }
        return entries;
    }
}
