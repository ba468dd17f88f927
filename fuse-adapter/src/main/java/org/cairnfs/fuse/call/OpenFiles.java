package org.cairnfs.fuse.call;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.cairnfs.core.fs.Credentials;

/** What processes have open, by the number that the kernel was told. Numbers are not used again. Safe for any number of threads. */
final class OpenFiles {
    private final Map<Long, OpenFile> open = new ConcurrentHashMap<>();
    private final AtomicLong lastNumber = new AtomicLong();

    long newNumber() {
        return lastNumber.incrementAndGet();
    }

    OpenFile add(long number, KnownInode inode, boolean writable, Credentials opener) {
        OpenFile file = new OpenFile(number, inode, writable, opener);
        open.put(number, file);
        return file;
    }

    OpenFile get(long number) throws Refusal {
        OpenFile file = open.get(number);
        if (file == null) {
            throw new Refusal(Refusal.EBADF, "open file " + number + " is closed");
        }
        return file;
    }

    OpenFile remove(long number) throws Refusal {
        OpenFile file = open.remove(number);
        if (file == null) {
            throw new Refusal(Refusal.EBADF, "open file " + number + " is closed already");
        }
        return file;
    }

    Collection<OpenFile> all() {
        return open.values();
    }

    int size() {
        return open.size();
    }
}
