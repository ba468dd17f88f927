package org.cairnfs.server.nfs.fuzz;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages requests at random, yet the same for the same seed: bits, words and lengths, ends cut off or put on, beginnings of one with
 * ends of another, operations of several COMPOUNDs in one, operations repeated. Used by one thread.
 */
public final class Mutator {
    private static final int[] WORDS = {
        0,
        1,
        2,
        3,
        4,
        16,
        31,
        63,
        64,
        65,
        127,
        128,
        255,
        256,
        1023,
        1024,
        4096,
        65_535,
        1 << 20,
        (1 << 20) + 1,
        1 << 24,
        0x3FFF_FFFF,
        0x7FFF_FFFF,
        0x8000_0000,
        0xFFFF_FFFC,
        -2,
        -1
    };
    private static final int MOST_BITS = 8;
    private static final int MOST_REPEATS = 40;
    private static final int MOST_OPERATIONS = 70;

    /** Where the size of a fragment is in a record mark. */
    private static final int SIZE_MASK = 0x7FFF_FFFF;

    /** Transaction id and type. */
    private static final int KEPT_BYTES = 8;

    private final Random random;

    public Mutator(Random random) {
        this.random = random;
    }

    private Request any(List<Request> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** A message whose transaction id and type are as they were, and the request that its head is of. */
    record Damaged(Request request, byte[] message) {}

    Damaged message(List<Request> from) {
        Request request = any(from);
        boolean isMixed = request.isCompound() && random.nextInt(3) == 0;
        byte[] message = isMixed ? compound(request, from) : request.message().clone();
        int damages = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : isMixed ? random.nextInt(2) : 1;
        for (int i = 0; i < damages; i++) {
            message = damage(message, Math.min(place(request), message.length), from);
        }
        return new Damaged(request, message);
    }

    /** From where on to damage: seldom what comes before the arguments, and of a COMPOUND mostly what comes after its first operation. */
    private int place(Request request) {
        if (random.nextInt(12) == 0) {
            return KEPT_BYTES;
        }
        return request.operations().size() > 2 && random.nextInt(6) > 0
                ? request.operations().get(1)
                : request.arguments();
    }

    private byte[] damage(byte[] message, int from, List<Request> others) {
        if (message.length - from < Integer.BYTES) {
            return message;
        }
        return switch (random.nextInt(12)) {
            case 10 -> splice(message, from, any(others));
            case 11 -> repeat(message, from);
            default -> damageAlone(message, from);
        };
    }

    /** An answer to a callback: right, damaged behind its transaction id, or all of it. */
    byte[] answer(byte[] right) {
        return random.nextInt(3) == 0 ? right : damageAlone(right.clone(), random.nextInt(4) == 0 ? 0 : Integer.BYTES);
    }

    /** The same with some damage anywhere, if it is a word at least. */
    public byte[] damaged(byte[] right) {
        return right.length < Integer.BYTES ? right : damageAlone(right.clone(), 0);
    }

    /** Damage to a message of at least a word behind {@code from}, for which no other is needed. */
    private byte[] damageAlone(byte[] message, int from) {
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> flipBits(message, from);
            case 3, 4 -> word(message, from, WORDS[random.nextInt(WORDS.length)]);
            case 5 -> word(message, from, random.nextInt());
            case 6, 7 -> length(message, from);
            case 8 -> Arrays.copyOf(message, from + random.nextInt(message.length - from));
            default -> Arrays.copyOf(message, message.length + random.nextInt(64));
        };
    }

    private byte[] flipBits(byte[] message, int from) {
        for (int i = random.nextInt(MOST_BITS); i >= 0; i--) {
            message[from + random.nextInt(message.length - from)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
        }
        return message;
    }

    private int place(byte[] message, int from) {
        int words = (message.length - from) / Integer.BYTES;
        return from + Integer.BYTES * random.nextInt(words);
    }

    private byte[] word(byte[] message, int from, int value) {
        ByteBuffer.wrap(message).putInt(place(message, from), value);
        return message;
    }

    /** Changes a word that may be a length or a count, as it is no greater than what comes after it. */
    private byte[] length(byte[] message, int from) {
        ByteBuffer words = ByteBuffer.wrap(message);
        for (int attempt = 0; attempt < 20; attempt++) {
            int at = place(message, from);
            int value = words.getInt(at);
            if (value >= 0 && value <= message.length - at) {
                int[] wrong = {
                    value + 1, value - 1, value * 2, message.length - at, message.length - at - 4, SIZE_MASK, -1
                };
                words.putInt(at, wrong[random.nextInt(wrong.length)]);
                return message;
            }
        }
        return message;
    }

    /** The beginning of one, the end of another. */
    private byte[] splice(byte[] message, int from, Request other) {
        int until = place(message, from);
        byte[] tail = other.message();
        int tailFrom = Math.min(tail.length, other.arguments() + Integer.BYTES * random.nextInt(20));
        return join(message, until, tail, tailFrom);
    }

    private byte[] repeat(byte[] message, int from) {
        int at = place(message, from);
        int bytes = Math.min(message.length - at, Integer.BYTES * (1 + random.nextInt(16)));
        int times = 1 + random.nextInt(MOST_REPEATS);
        ByteBuffer all = ByteBuffer.allocate(message.length + bytes * times).put(message, 0, at);
        for (int i = 0; i < times; i++) {
            all.put(message, at, bytes);
        }
        return all.put(message, at, message.length - at).array();
    }

    private static byte[] join(byte[] head, int until, byte[] tail, int from) {
        return ByteBuffer.allocate(until + tail.length - from)
                .put(head, 0, until)
                .put(tail, from, tail.length - from)
                .array();
    }

    /** The head of a COMPOUND and its first operation, then operations of any COMPOUNDs; the number of them is right. */
    private byte[] compound(Request head, List<Request> others) {
        int keep = head.operations().get(Math.min(1, head.operations().size() - 1));
        ByteBuffer all = ByteBuffer.allocate(1 << 20).put(head.message(), 0, keep);
        int count = 1;
        for (int wanted = random.nextInt(MOST_OPERATIONS) / (1 + random.nextInt(10)); wanted > 0; wanted--) {
            Request other = any(others);
            if (!other.isCompound() || other.operations().size() < 2) {
                continue;
            }
            int which = random.nextInt(other.operations().size() - 1);
            int from = other.operations().get(which);
            int bytes = other.operations().get(which + 1) - from;
            int times = random.nextInt(10) == 0 ? 1 + random.nextInt(MOST_REPEATS) : 1;
            for (int i = 0; i < times && all.remaining() > bytes; i++) {
                all.put(other.message(), from, bytes);
                count++;
            }
        }
        all.putInt(head.countPlace(), count);
        return Arrays.copyOf(all.array(), all.position());
    }

    /** Records of messages that come in wrong pieces, with wrong marks, or not whole. */
    byte[] brokenRecords(List<Request> from) {
        ByteBuffer stream = ByteBuffer.allocate(1 << 20);
        for (int i = random.nextInt(4); i >= 0; i--) {
            byte[] message = any(from).message();
            int at = 0;
            while (at < message.length && stream.remaining() > message.length + 2 * Integer.BYTES) {
                int piece = Math.min(message.length - at, 1 + random.nextInt(message.length));
                boolean last = at + piece == message.length;
                int mark = (last ? Integer.MIN_VALUE : 0) | piece;
                stream.putInt(random.nextInt(6) == 0 ? mark ^ (1 << random.nextInt(Integer.SIZE)) : mark);
                stream.put(message, at, piece);
                at += piece;
            }
        }
        int bytes = stream.position();
        return Arrays.copyOf(stream.array(), random.nextInt(3) == 0 ? 1 + random.nextInt(bytes) : bytes);
    }
}
