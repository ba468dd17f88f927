package org.cairnfs.fuse.lowlevel;

import com.kenai.jffi.MemoryIO;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.Errno;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.fuse.call.CreatedFile;
import org.cairnfs.fuse.call.Entry;
import org.cairnfs.fuse.call.LockCalls.InTheWay;
import org.cairnfs.fuse.call.MountCalls;
import org.cairnfs.fuse.call.Opened;
import org.cairnfs.fuse.call.Refusal;
import org.cairnfs.fuse.call.Request;
import org.cairnfs.fuse.call.RequestWatch;
import org.cairnfs.fuse.lowlevel.OperationTable.Slot;
import org.cairnfs.fuse.lowlevel.Signatures.Five;
import org.cairnfs.fuse.lowlevel.Signatures.FiveAndInt;
import org.cairnfs.fuse.lowlevel.Signatures.Four;
import org.cairnfs.fuse.lowlevel.Signatures.FourAndInt;
import org.cairnfs.fuse.lowlevel.Signatures.Six;
import org.cairnfs.fuse.lowlevel.Signatures.Three;
import org.cairnfs.fuse.lowlevel.Signatures.ThreeAndInt;
import org.cairnfs.fuse.lowlevel.Signatures.ThreeIntOne;
import org.cairnfs.fuse.lowlevel.Signatures.Two;
import org.cairnfs.fuse.lowlevel.Signatures.TwoAndInt;
import org.cairnfs.fuse.lowlevel.Signatures.TwoIntOne;
import org.cairnfs.fuse.lowlevel.Signatures.TwoIntThree;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The callbacks of libfuse: each reads its arguments from native memory, calls {@link MountCalls}, and answers the kernel, once.
 *
 * <p>No exception leaves a callback, as there is native code above it: a {@link Refusal} is the answer that it names, anything else
 * is EIO and a line in the log; an {@link Error} is told to whoever started the mount, too.
 *
 * <p>Called by the threads of {@link Session}, each with a {@link Scratch} of its own.
 */
final class Callbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);

    private static final int INIT_MAX_WRITE = 12;
    private static final int INIT_WANT = 24;
    private static final int INIT_MAX_BACKGROUND = 28;
    private static final int WANT_ASYNC_READ = 1;
    private static final int WANT_ATOMIC_TRUNCATE = 1 << 3;
    private static final int WANT_BIG_WRITES = 1 << 5;

    /** Reads ahead that the kernel may have under way at once. */
    private static final int BACKGROUND = 64;

    private static final int FORGET_BYTES = 2 * Long.BYTES;

    private final LibFuse library;
    private final MountCalls calls;
    private final SessionSettings settings;
    private final Supplier<Scratch> scratch;
    private final RequestWatch watch;
    private final Consumer<Throwable> onFatalError;
    private final Layout layout = new Layout();
    private final MemoryIO memory = MemoryIO.getInstance();

    /**
     * Callbacks that answer through a library.
     *
     * @param scratch of the calling thread
     * @param watch told of each request
     * @param onFatalError told of an error after which the process may not be sound
     */
    Callbacks(
            LibFuse library,
            MountCalls calls,
            SessionSettings settings,
            Supplier<Scratch> scratch,
            RequestWatch watch,
            Consumer<Throwable> onFatalError) {
        this.library = library;
        this.calls = calls;
        this.settings = settings;
        this.scratch = scratch;
        this.watch = watch;
        this.onFatalError = onFatalError;
    }

    /** What answers a request, or refuses it. */
    @FunctionalInterface
    private interface Answer {
        void give(Request request) throws Refusal;
    }

    private void answer(long pointer, Slot slot, long inode, Answer answer) {
        answer(pointer, slot, inode, answer, () -> "");
    }

    /**
     * Answers a request, and tells of it.
     *
     * @param inode that it is about
     * @param asked the names in it, for those who watch; valid until the next request is read
     */
    private void answer(long pointer, Slot slot, long inode, Answer answer, Supplier<String> asked) {
        long begun = System.nanoTime();
        NativeRequest request = new NativeRequest(library, pointer);
        int errno = tried(pointer, request, answer);
        long nanos = System.nanoTime() - begun;
        watch.ended(slot.request(), errno, nanos);
        if (watch.wantsDetails()) {
            watch.detailed(new RequestWatch.Detail(
                    request.uid(), request.pid(), slot.request(), calls.handle(inode), asked.get(), errno, nanos));
        }
    }

    /** Returns the errno that was answered; 0 for none. */
    private int tried(long pointer, Request request, Answer answer) {
        try {
            answer.give(request);
            return 0;
        } catch (Refusal e) {
            library.fuse_reply_err(pointer, e.errno());
            return e.errno();
        } catch (Exception e) {
            LOG.error("A call of the mount met a bug of Cairn and is answered with EIO", e);
            library.fuse_reply_err(pointer, Errno.EIO.number());
        } catch (Error e) {
            onFatalError.accept(e);
            library.fuse_reply_err(pointer, Errno.EIO.number());
        }
        return Errno.EIO.number();
    }

    private String names(long first, long second) {
        return new String(text(first), StandardCharsets.UTF_8) + ' ' + new String(text(second), StandardCharsets.UTF_8);
    }

    private String name(long pointer) {
        return new String(text(pointer), StandardCharsets.UTF_8);
    }

    /** Fills the table. */
    void putInto(OperationTable table) {
        table.put(Slot.INIT, Two.class, this::init);
        putNames(table);
        putAttributes(table);
        putFiles(table);
        putDirectories(table);
        putLocks(table);
    }

    private void init(long userData, long connection) {
        int wanted = memory.getInt(connection + INIT_WANT);
        memory.putInt(connection + INIT_WANT, wanted | WANT_ASYNC_READ | WANT_ATOMIC_TRUNCATE | WANT_BIG_WRITES);
        memory.putInt(
                connection + INIT_MAX_WRITE, Math.min(memory.getInt(connection + INIT_MAX_WRITE), Layout.BLOCK_SIZE));
        memory.putInt(connection + INIT_MAX_BACKGROUND, BACKGROUND);
    }

    private byte[] text(long pointer) {
        return memory.getZeroTerminatedByteArray(pointer);
    }

    private void ok(long pointer) {
        library.fuse_reply_err(pointer, 0);
    }

    private void entry(long pointer, Entry entry) {
        long at = scratch.get().structure();
        layout.putEntry(at, entry, settings.attributeTimeout(), settings.entryTimeout());
        if (library.fuse_reply_entry(pointer, at) != 0) {
            // The caller was killed: the kernel has not heard of the inode, and will not say that it forgets it.
            calls.names().forget(entry.inode(), 1);
        }
    }

    private void putNames(OperationTable table) {
        table.put(
                Slot.LOOKUP,
                Three.class,
                (r, directory, name) -> answer(
                        r,
                        Slot.LOOKUP,
                        directory,
                        request -> entry(r, calls.names().lookup(request, directory, text(name))),
                        () -> name(name)));
        table.put(Slot.FORGET, Three.class, (r, inode, times) -> {
            calls.names().forget(inode, times);
            library.fuse_reply_none(r);
        });
        table.put(Slot.FORGET_MULTI, Three.class, (r, count, list) -> {
            for (long at = list; at < list + count * FORGET_BYTES; at += FORGET_BYTES) {
                calls.names().forget(memory.getLong(at), memory.getLong(at + Long.BYTES));
            }
            library.fuse_reply_none(r);
        });
        table.put(
                Slot.MKNOD,
                ThreeIntOne.class,
                (r, directory, name, mode, device) -> answer(
                        r,
                        Slot.MKNOD,
                        directory,
                        request -> entry(r, calls.names().mknod(request, directory, text(name), mode, (int) device)),
                        () -> name(name)));
        table.put(
                Slot.MKDIR,
                ThreeAndInt.class,
                (r, directory, name, mode) -> answer(
                        r,
                        Slot.MKDIR,
                        directory,
                        request -> entry(r, calls.names().mkdir(request, directory, text(name), mode)),
                        () -> name(name)));
        table.put(
                Slot.SYMLINK,
                Four.class,
                (r, target, directory, name) -> answer(
                        r,
                        Slot.SYMLINK,
                        directory,
                        request -> entry(r, calls.names().symlink(request, directory, text(name), text(target))),
                        () -> names(name, target)));
        table.put(
                Slot.LINK,
                Four.class,
                (r, inode, directory, name) -> answer(
                        r,
                        Slot.LINK,
                        inode,
                        request -> entry(r, calls.names().link(request, inode, directory, text(name))),
                        () -> name(name)));
        table.put(
                Slot.RENAME,
                Five.class,
                (r, directory, name, target, newName) -> answer(
                        r,
                        Slot.RENAME,
                        directory,
                        request -> {
                            calls.names().rename(request, directory, text(name), target, text(newName));
                            ok(r);
                        },
                        () -> names(name, newName)));
        table.put(
                Slot.UNLINK,
                Three.class,
                (r, directory, name) -> answer(
                        r,
                        Slot.UNLINK,
                        directory,
                        request -> {
                            calls.names().remove(request, directory, text(name), RemoveKind.NON_DIRECTORY);
                            ok(r);
                        },
                        () -> name(name)));
        table.put(
                Slot.RMDIR,
                Three.class,
                (r, directory, name) -> answer(
                        r,
                        Slot.RMDIR,
                        directory,
                        request -> {
                            calls.names().remove(request, directory, text(name), RemoveKind.DIRECTORY);
                            ok(r);
                        },
                        () -> name(name)));
        table.put(
                Slot.READLINK,
                Two.class,
                (r, inode) -> answer(r, Slot.READLINK, inode, request -> {
                    byte[] target = calls.names().readlink(request, inode);
                    byte[] ended = new byte[target.length + 1];
                    System.arraycopy(target, 0, ended, 0, target.length);
                    library.fuse_reply_readlink(r, ended);
                }));
    }

    private void attributes(long pointer, org.cairnfs.core.fs.Attributes attributes) {
        long at = scratch.get().structure();
        layout.putStat(at, attributes);
        library.fuse_reply_attr(pointer, at, settings.attributeTimeout());
    }

    private void putAttributes(OperationTable table) {
        table.put(
                Slot.GETATTR,
                Three.class,
                (r, inode, info) -> answer(
                        r,
                        Slot.GETATTR,
                        inode,
                        request -> attributes(r, calls.attributes().getattr(request, inode))));
        table.put(
                Slot.SETATTR,
                ThreeIntOne.class,
                (r, inode, stat, bits, info) -> answer(r, Slot.SETATTR, inode, request -> {
                    OptionalLong file = info == 0 ? OptionalLong.empty() : OptionalLong.of(layout.handle(info));
                    attributes(r, calls.attributes().setattr(request, inode, layout.wanted(stat, bits), file));
                }));
        table.put(
                Slot.ACCESS,
                TwoAndInt.class,
                (r, inode, wanted) -> answer(
                        r,
                        Slot.ACCESS,
                        inode,
                        request -> library.fuse_reply_err(
                                r, calls.attributes().access(request, inode, wanted) ? 0 : Errno.EACCES.number())));
        table.put(
                Slot.STATFS,
                Two.class,
                (r, inode) -> answer(r, Slot.STATFS, inode, request -> {
                    long at = scratch.get().structure();
                    layout.putStatistics(at, calls.attributes().statfs(request, inode));
                    library.fuse_reply_statfs(r, at);
                }));
        table.put(
                Slot.SETXATTR,
                FiveAndInt.class,
                (r, inode, name, value, size, flags) -> answer(
                        r,
                        Slot.SETXATTR,
                        inode,
                        request -> {
                            byte[] bytes = new byte[(int) size];
                            memory.getByteArray(value, bytes, 0, bytes.length);
                            calls.xattrs().set(request, inode, text(name), bytes, flags);
                            ok(r);
                        },
                        () -> name(name)));
        table.put(
                Slot.GETXATTR,
                Four.class,
                (r, inode, name, size) -> answer(
                        r,
                        Slot.GETXATTR,
                        inode,
                        request -> {
                            Bytes value = calls.xattrs().get(request, inode, text(name));
                            sized(r, value.toArray(), size);
                        },
                        () -> name(name)));
        table.put(
                Slot.LISTXATTR,
                Three.class,
                (r, inode, size) -> answer(
                        r,
                        Slot.LISTXATTR,
                        inode,
                        request -> sized(r, calls.xattrs().list(request, inode), size)));
        table.put(
                Slot.REMOVEXATTR,
                Three.class,
                (r, inode, name) -> answer(
                        r,
                        Slot.REMOVEXATTR,
                        inode,
                        request -> {
                            calls.xattrs().remove(request, inode, text(name));
                            ok(r);
                        },
                        () -> name(name)));
    }

    /** The answer to getxattr(2) and listxattr(2): how long it is if the caller has no room yet, or all of it. */
    private void sized(long pointer, byte[] value, long room) throws Refusal {
        if (room == 0) {
            library.fuse_reply_xattr(pointer, value.length);
        } else if (value.length > room) {
            throw new Refusal(Errno.ERANGE.number(), "an answer of " + value.length + " bytes into " + room);
        } else {
            Scratch own = scratch.get();
            own.output().put(value);
            library.fuse_reply_buf(pointer, own.outputAddress(), value.length);
        }
    }

    private void putFiles(OperationTable table) {
        table.put(
                Slot.OPEN,
                Three.class,
                (r, inode, info) -> answer(r, Slot.OPEN, inode, request -> {
                    Opened opened = calls.files().open(request, inode, layout.flags(info));
                    layout.putOpened(info, opened);
                    if (library.fuse_reply_open(r, info) != 0) {
                        calls.files().release(opened.number()); // The caller was killed, and will not close it.
                    }
                }));
        table.put(
                Slot.CREATE,
                ThreeIntOne.class,
                (r, directory, name, mode, info) -> answer(
                        r,
                        Slot.CREATE,
                        directory,
                        request -> {
                            CreatedFile created =
                                    calls.files().create(request, directory, text(name), mode, layout.flags(info));
                            long at = scratch.get().structure();
                            layout.putEntry(at, created.entry(), settings.attributeTimeout(), settings.entryTimeout());
                            layout.putOpened(info, created.opened());
                            if (library.fuse_reply_create(r, at, info) != 0) {
                                calls.files().release(created.opened().number());
                                calls.names().forget(created.entry().inode(), 1);
                            }
                        },
                        () -> name(name)));
        table.put(
                Slot.READ,
                Five.class,
                (r, inode, size, offset, info) -> answer(r, Slot.READ, inode, request -> {
                    ReadResult result = calls.files().read(request, layout.handle(info), offset, (int) size);
                    Scratch own = scratch.get();
                    ByteBuffer out = own.output();
                    result.pieces().forEach(piece -> out.put(piece.duplicate()));
                    library.fuse_reply_buf(r, own.outputAddress(), out.position());
                }));
        table.put(
                Slot.WRITE,
                Six.class,
                (r, inode, data, size, offset, info) -> answer(r, Slot.WRITE, inode, request -> {
                    ByteBuffer bytes = scratch.get().input(data, (int) size);
                    boolean fromCache = layout.isWritePage(info);
                    library.fuse_reply_write(
                            r, calls.files().write(request, layout.handle(info), offset, bytes, fromCache));
                }));
        table.put(
                Slot.FLUSH,
                Three.class,
                (r, inode, info) -> answer(r, Slot.FLUSH, inode, request -> {
                    calls.locks().flush(inode, layout.lockOwner(info));
                    ok(r);
                }));
        table.put(
                Slot.RELEASE,
                Three.class,
                (r, inode, info) -> answer(r, Slot.RELEASE, inode, request -> {
                    if (layout.releasesFlock(info)) {
                        calls.locks().releaseFlock(inode, layout.lockOwner(info));
                    }
                    calls.files().release(layout.handle(info));
                    ok(r);
                }));
        table.put(
                Slot.FSYNC,
                TwoIntOne.class,
                (r, inode, dataOnly, info) -> answer(r, Slot.FSYNC, inode, request -> {
                    calls.files().fsync(request, layout.handle(info));
                    ok(r);
                }));
        table.put(
                Slot.FALLOCATE,
                TwoIntThree.class,
                (r, inode, mode, offset, length, info) -> answer(r, Slot.FALLOCATE, inode, request -> {
                    calls.files().fallocate(request, layout.handle(info), mode, offset, length);
                    ok(r);
                }));
    }

    private void putDirectories(OperationTable table) {
        table.put(
                Slot.OPENDIR,
                Three.class,
                (r, inode, info) -> answer(r, Slot.OPENDIR, inode, request -> {
                    Opened opened = calls.directories().opendir(request, inode);
                    layout.putOpened(info, opened);
                    if (library.fuse_reply_open(r, info) != 0) {
                        calls.directories().releasedir(opened.number());
                    }
                }));
        table.put(
                Slot.READDIR,
                Five.class,
                (r, inode, size, offset, info) -> answer(r, Slot.READDIR, inode, request -> {
                    Scratch own = scratch.get();
                    long start = own.outputAddress();
                    int room = (int) Math.min(size, own.outputBytes());
                    int[] used = {0};
                    calls.directories()
                            .readdir(request, layout.handle(info), offset, room, (name, fileId, type, next) -> {
                                int taken = layout.putDirent(
                                        start + used[0], room - used[0], name, fileId, type.code(), next);
                                used[0] += taken;
                                return taken > 0;
                            });
                    library.fuse_reply_buf(r, start, used[0]);
                }));
        table.put(
                Slot.RELEASEDIR,
                Three.class,
                (r, inode, info) -> answer(r, Slot.RELEASEDIR, inode, request -> {
                    calls.directories().releasedir(layout.handle(info));
                    ok(r);
                }));
        table.put(
                Slot.FSYNCDIR,
                TwoIntOne.class,
                (r, inode, dataOnly, info) -> answer(r, Slot.FSYNCDIR, inode, request -> {
                    calls.directories().fsyncdir(request);
                    ok(r);
                }));
    }

    private IntConsumer answering(long pointer) {
        return errno -> library.fuse_reply_err(pointer, errno);
    }

    private void putLocks(OperationTable table) {
        table.put(
                Slot.GETLK,
                Four.class,
                (r, inode, info, flock) -> answer(r, Slot.GETLK, inode, request -> {
                    NativeLock wanted = NativeLock.at(flock);
                    Optional<InTheWay> found =
                            calls.locks().test(inode, layout.lockOwner(info), wanted.range(), wanted.mode());
                    long at = scratch.get().structure();
                    found.ifPresentOrElse(lock -> NativeLock.put(at, lock), () -> NativeLock.putNone(at));
                    library.fuse_reply_lock(r, at);
                }));
        table.put(
                Slot.SETLK,
                FourAndInt.class,
                (r, inode, info, flock, wait) -> answer(r, Slot.SETLK, inode, request -> {
                    NativeLock wanted = NativeLock.at(flock);
                    long owner = layout.lockOwner(info);
                    if (wanted.isUnlock()) {
                        calls.locks().unlock(inode, owner, wanted.range());
                        ok(r);
                    } else {
                        calls.locks()
                                .lock(request, inode, owner, wanted.range(), wanted.mode(), wait != 0, answering(r));
                    }
                }));
        table.put(
                Slot.FLOCK,
                ThreeAndInt.class,
                (r, inode, info, operation) -> answer(
                        r,
                        Slot.FLOCK,
                        inode,
                        request ->
                                calls.locks().flock(request, inode, layout.lockOwner(info), operation, answering(r))));
    }
}
