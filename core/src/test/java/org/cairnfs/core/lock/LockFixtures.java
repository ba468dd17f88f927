package org.cairnfs.core.lock;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileHandle;

/** Files and owners for the tests of this package. */
final class LockFixtures {
    static final LockClient CLIENT = new LockClient("test", 1);
    static final LockClient OTHER_CLIENT = new LockClient("test", 2);
    static final LockOwner ALICE = owner(CLIENT, "alice");
    static final LockOwner BOB = owner(CLIENT, "bob");
    static final LockOwner CAROL = owner(OTHER_CLIENT, "carol");
    static final FileHandle FILE = file(7);

    private LockFixtures() {}

    static LockOwner owner(LockClient client, String name) {
        return new LockOwner(client, Bytes.copyOf(name.getBytes(StandardCharsets.UTF_8)));
    }

    static FileHandle file(long inode) {
        return new FileHandle(new UUID(1, 2), inode, 1, 0);
    }

    static LockRange range(long first, long last) {
        return new LockRange(first, last);
    }
}
