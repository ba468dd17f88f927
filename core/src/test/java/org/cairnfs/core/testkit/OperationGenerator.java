package org.cairnfs.core.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.DeviceNumber;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SetTime;
import org.cairnfs.core.fs.XattrFlag;

/**
 * Makes random sequences of operations from a seed: few labels, few names and few users, so that operations meet. Labels 1 to
 * {@value #DIRECTORIES} are mostly of directories, those behind of everything else.
 */
public final class OperationGenerator {
    private static final int DIRECTORIES = 6;
    private static final int LABELS = 18;
    private static final int SLOTS = 5;
    private static final int REMEMBERED = 8;
    private static final long DAY = 86_400_000_000_000L;
    private static final List<Credentials> USERS = List.of(
            Credentials.ROOT,
            Credentials.of(1000, 1000),
            Credentials.of(1001, 1000, 2000),
            Credentials.of(1002, 1002, 2000, 2001));
    private static final int[] IDS = {0, 1000, 1001, 1002, 2000, 2001, -2};
    private static final int[] MODES = {0, 0777, 0755, 0644, 0600, 01777, 02775, 03777, 04755, 06755, 02644, 06777, 0111
    };

    private final Random random;
    private final Features features;
    private final List<Operation> sent = new ArrayList<>();
    private long lastOrigin;

    /**
     * What else happens between operations.
     *
     * @param restarts whether to restart, with and without operations that are sent again
     * @param disturbances how many choices {@link Subject#disturb} has; 0 for none
     */
    public record Features(boolean restarts, int disturbances) {}

    /**
     * One operation and its circumstances.
     *
     * @param tick how far the clock goes on before it, in nanoseconds
     * @param origin of the request, or null
     */
    record Step(Operation operation, Credentials who, long tick, Origin origin) {
        @Override
        public String toString() {
            return operation + " by " + who.uid() + ":" + who.gid() + who.groups() + ", +" + tick + " ns";
        }
    }

    OperationGenerator(long seed, Features features) {
        this.random = new Random(seed);
        this.features = features;
    }

    List<Step> steps(int count) throws FsException {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Operation operation = operation();
            boolean resent = operation instanceof Circumstances.Resend;
            Origin origin = resent ? new Origin(7, 0, ++lastOrigin, lastOrigin) : null;
            long tick = random.nextInt(40) == 0 ? DAY : 1 + random.nextInt(1000);
            Credentials who = chance(50) ? Credentials.ROOT : pick(USERS);
            steps.add(new Step(operation, who, tick, origin));
        }
        return steps;
    }

    private Operation operation() throws FsException {
        int kind = random.nextInt(1000);
        if (features.restarts() && kind < 6) {
            return kind < 2 ? new Circumstances.Restart() : new Circumstances.Resend(changing());
        }
        if (features.restarts() && kind < 12) {
            return new Circumstances.EndGrace();
        }
        if (features.restarts() && kind >= 500 && kind < 560) {
            return sent();
        }
        if (features.restarts() && kind >= 560 && kind < 600 && !sent.isEmpty()) {
            return pick(sent);
        }
        if (features.disturbances() > 0 && kind < 24) {
            return new Circumstances.Disturb(random.nextInt(features.disturbances()));
        }
        return kind < 600 ? changing() : kind < 800 ? onContents() : looking();
    }

    /** A request of one of few slots, to be sent again by and by. */
    private Operation sent() throws FsException {
        Operation operation = changing();
        Origin origin = new Origin(8, random.nextInt(SLOTS), ++lastOrigin, lastOrigin);
        sent.add(new Circumstances.Again(operation, origin));
        if (sent.size() > REMEMBERED) {
            sent.remove(0);
        }
        return new Circumstances.Sent(operation, origin);
    }

    /** What changes names and attributes. */
    private Operation changing() throws FsException {
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> create();
            case 4 -> new NameOperations.Link(other(), directory(), name());
            case 5, 6, 7 -> new NameOperations.Rename(directory(), name(), directory(), name(), flag());
            case 8, 9 -> new NameOperations.Remove(directory(), name(), pick(RemoveKind.values()));
            case 10, 11 -> new FileOperations.Change(any(), attributes(), chance(20));
            case 12 -> new FileOperations.SetXattr(any(), xattr(), bytes(random.nextInt(50)), pick(XattrFlag.values()));
            default -> new FileOperations.RemoveXattr(any(), xattr());
        };
    }

    private Operation onContents() {
        long offset = offset();
        return switch (random.nextInt(10)) {
            case 8, 9 ->
                new FileOperations.Clone(
                        other(),
                        chance(50) ? 0 : offset,
                        other(),
                        chance(30) ? 0 : offset(),
                        chance(30) ? 0 : length() / 2,
                        chance(30),
                        chance(30));
            case 0 -> new FileOperations.Read(other(), offset, random.nextInt(20_000), chance(30));
            case 1 -> new FileOperations.ReadSparse(other(), offset, random.nextInt(20_000), chance(30));
            case 2, 3, 4 ->
                new FileOperations.Write(
                        other(), offset, chance(5) ? 0 : random.nextInt(20_000), random.nextLong(), chance(30));
            case 5 -> new FileOperations.Allocate(other(), offset, length(), chance(70), chance(30));
            case 6 -> new FileOperations.Seek(other(), offset, chance(50), chance(30));
            default -> new FileOperations.Commit(other());
        };
    }

    private Operation looking() throws FsException {
        return switch (random.nextInt(12)) {
            case 0, 1 -> new NameOperations.Lookup(directory(), name(), any());
            case 2 -> new NameOperations.LookupParent(directory());
            case 3 -> new NameOperations.ReadDirectory(directory(), 1 + random.nextInt(12));
            case 4, 5 -> new FileOperations.GetAttributes(any());
            case 6 -> new FileOperations.CheckAccess(any(), random.nextInt(8));
            case 7 -> new FileOperations.ReadLink(other());
            case 8 -> new FileOperations.GetXattr(any(), xattr());
            case 9 -> new FileOperations.ListXattrs(any());
            case 10 -> new FileOperations.Pin(any());
            default -> new FileOperations.Unpin(random.nextInt(10));
        };
    }

    private Operation create() throws FsException {
        FileType type = switch (random.nextInt(10)) {
            case 0, 1, 2 -> FileType.DIRECTORY;
            case 3 -> FileType.SYMLINK;
            case 4 -> pick(FileType.values());
            default -> FileType.REGULAR;
        };
        SetAttributes attributes = SetAttributes.ofMode(mode());
        if (chance(15)) {
            attributes = attributes().withMode(mode());
        }
        DeviceNumber device =
                type.isDevice() ? new DeviceNumber(random.nextInt(300), random.nextInt(300)) : DeviceNumber.NONE;
        Bytes target = type == FileType.SYMLINK ? target() : null;
        Long verifier = chance(15) ? Long.valueOf(1 + random.nextInt(3)) : null;
        CreateRequest request = new CreateRequest(type, attributes, device, target, verifier, chance(30));
        int learn = type == FileType.DIRECTORY ? 1 + random.nextInt(DIRECTORIES) : fileLabel();
        return new NameOperations.Create(directory(), name(), request, learn);
    }

    private SetAttributes attributes() {
        Integer mode = chance(40) ? mode() : null;
        Integer uid = chance(20) ? IDS[random.nextInt(IDS.length)] : null;
        Integer gid = chance(20) ? IDS[random.nextInt(IDS.length)] : null;
        Long size = chance(30) ? Long.valueOf(chance(3) ? -1 : offset()) : null;
        return new SetAttributes(mode, uid, gid, size, time(), time());
    }

    private SetTime time() {
        return switch (random.nextInt(6)) {
            case 0 -> SetTime.NOW;
            case 1 -> new SetTime.At(random.nextInt(3) * 1_000_000_000_000_000_000L + random.nextInt(1000));
            default -> null;
        };
    }

    private long offset() {
        return switch (random.nextInt(20)) {
            case 0 -> FileSystem.MAX_FILE_SIZE - random.nextInt(30_000);
            case 1 -> (1L << 40) + random.nextInt(10_000);
            case 2 -> 0;
            case 3 -> random.nextInt(3) - 1;
            default -> random.nextInt(60_000);
        };
    }

    private long length() {
        return switch (random.nextInt(20)) {
            case 0 -> Long.MAX_VALUE;
            case 1 -> random.nextInt(3) - 1;
            default -> random.nextInt(40_000);
        };
    }

    private int mode() {
        return MODES[random.nextInt(MODES.length)];
    }

    private RenameFlag flag() {
        return chance(60) ? RenameFlag.REPLACE : pick(RenameFlag.values());
    }

    private int directory() {
        if (chance(5)) {
            return any();
        }
        return chance(25) ? Side.ROOT : 1 + random.nextInt(DIRECTORIES);
    }

    private int other() {
        return chance(8) ? any() : fileLabel();
    }

    private int fileLabel() {
        return 1 + DIRECTORIES + random.nextInt(LABELS - DIRECTORIES);
    }

    private int any() {
        return random.nextInt(LABELS + 1);
    }

    private Name name() throws FsException {
        if (chance(3)) {
            byte[] odd = new byte[1 + random.nextInt(Name.MAX_BYTES)];
            Arrays.fill(odd, (byte) (0x80 + random.nextInt(3)));
            return Name.of(odd);
        }
        return Name.of(String.valueOf((char) ('a' + random.nextInt(5))));
    }

    private Name xattr() throws FsException {
        return Name.of(pick(List.of(
                "user.a",
                "user.b",
                "user.",
                "trusted.a",
                "security.a",
                "system.posix_acl_access",
                "nothing",
                "user.c")));
    }

    private Bytes target() {
        return switch (random.nextInt(12)) {
            case 0 -> bytes(FileSystem.MAX_SYMLINK_BYTES);
            case 1 -> bytes(FileSystem.MAX_SYMLINK_BYTES + 1);
            case 2 -> Bytes.EMPTY;
            case 3 -> Bytes.ofTrusted(new byte[] {'a', 0, 'b'});
            default -> bytes(1 + random.nextInt(60));
        };
    }

    private Bytes bytes(int length) {
        String letter = String.valueOf((char) ('a' + random.nextInt(20)));
        return Bytes.ofTrusted(letter.repeat(length).getBytes(StandardCharsets.US_ASCII));
    }

    private boolean chance(int percent) {
        return random.nextInt(100) < percent;
    }

    private <T> T pick(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private <T> T pick(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
