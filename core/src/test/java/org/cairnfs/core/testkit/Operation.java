package org.cairnfs.core.testkit;

import com.google.common.hash.Hashing;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.Origin;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.XattrFlag;

/**
 * One call of a verb, as a value that prints itself. Names inodes by labels, which are bound by what creates or finds; so an
 * operation makes sense after any others, or none, and sequences of them can be shortened.
 */
interface Operation {
    /** Calls the verb, and tells what it gave; labels are known. */
    String run(OpContext op, Side side) throws FsException;

    /** The labels that must be known. */
    List<Integer> labels();

    /** Calls the verb; what it throws is told as its errno. */
    default String outcome(OpContext op, Side side) {
        if (!labels().stream().allMatch(label -> side.handle(label).isPresent())) {
            return "skipped";
        }
        try {
            return run(op, side);
        } catch (FsException e) {
            return e.errno().name();
        }
    }

    /** Makes an inode, or finds the one that is there and acceptable. */
    record Create(int in, Name name, CreateRequest request, int learn) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle directory = side.handle(in).orElseThrow();
            Created made = side.fs().create(op, directory, name, request);
            side.learn(learn, made.node().handle());
            return made.created() + " " + side.tell(made.node()) + " in " + side.tell(directory, made.directory());
        }

        @Override
        public List<Integer> labels() {
            return List.of(in);
        }
    }

    record Lookup(int in, Name name, int learn) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            Node found = side.fs().lookup(op, side.handle(in).orElseThrow(), name);
            side.learn(learn, found.handle());
            return side.tell(found);
        }

        @Override
        public List<Integer> labels() {
            return List.of(in);
        }
    }

    record LookupParent(int of) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            return side.tell(side.fs().lookupParent(op, side.handle(of).orElseThrow()));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Link(int of, int in, Name name) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle directory = side.handle(in).orElseThrow();
            return side.tell(directory, side.fs().link(op, side.handle(of).orElseThrow(), directory, name));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of, in);
        }
    }

    record Rename(int from, Name name, int to, Name newName, RenameFlag flag) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle source = side.handle(from).orElseThrow();
            FileHandle target = side.handle(to).orElseThrow();
            Renamed renamed = side.fs().rename(op, source, name, target, newName, flag);
            if (source.equals(target) && !renamed.source().equals(renamed.target())) {
                throw new AssertionError("one directory, two changes: " + renamed);
            }
            String told = side.tell(source, renamed.source());
            return source.equals(target) ? told : told + " " + side.tell(target, renamed.target());
        }

        @Override
        public List<Integer> labels() {
            return List.of(from, to);
        }
    }

    record Remove(int in, Name name, RemoveKind kind) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle directory = side.handle(in).orElseThrow();
            return side.tell(directory, side.fs().remove(op, directory, name, kind));
        }

        @Override
        public List<Integer> labels() {
            return List.of(in);
        }
    }

    /** Lists a directory in pages: each name once, in whatever order. */
    record ReadDirectory(int of, int pageSize) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            return String.join("\n", names(op, side, side.handle(of).orElseThrow(), pageSize));
        }

        static List<String> names(OpContext op, Side side, FileHandle directory, int pageSize) throws FsException {
            List<DirectoryPage.DirectoryEntry> entries = entries(op, side, directory, pageSize);
            List<String> told = new ArrayList<>();
            for (DirectoryPage.DirectoryEntry entry : entries) {
                told.add(entry.name() + " " + side.tell(entry.node()));
            }
            return told;
        }

        static List<DirectoryPage.DirectoryEntry> entries(OpContext op, Side side, FileHandle directory, int pageSize)
                throws FsException {
            List<DirectoryPage.DirectoryEntry> entries = new ArrayList<>();
            long after = 0;
            DirectoryPage page;
            do {
                page = side.fs().readdir(op, directory, after, pageSize, true);
                for (DirectoryPage.DirectoryEntry entry : page.entries()) {
                    if (entry.cookie() <= Math.max(2, after)) {
                        throw new AssertionError("cookie " + entry.cookie() + " after " + after);
                    }
                    after = entry.cookie();
                    entries.add(entry);
                }
            } while (!page.end());
            entries.sort((left, right) -> left.name().compareTo(right.name()));
            return entries;
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record GetAttributes(int of) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle inode = side.handle(of).orElseThrow();
            return side.tell(inode, side.fs().getattr(op, inode));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Change(int of, SetAttributes wanted, boolean open) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle inode = side.handle(of).orElseThrow();
            return side.tell(
                    inode,
                    open ? side.fs().setattrOpen(op, inode, wanted) : side.fs().setattr(op, inode, wanted));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record CheckAccess(int of, int wanted) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            return String.valueOf(side.fs().access(op, side.handle(of).orElseThrow(), wanted));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record ReadLink(int of) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            return side.fs().readlink(op, side.handle(of).orElseThrow()).toString();
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Read(int of, long offset, int length, boolean open) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle file = side.handle(of).orElseThrow();
            ReadResult read = open
                    ? side.fs().readOpen(op, file, offset, length)
                    : side.fs().read(op, file, offset, length);
            return read.length() + " bytes, end " + read.end() + ", hash "
                    + Hashing.murmur3_128().hashBytes(bytes(read));
        }

        static byte[] bytes(ReadResult read) {
            ByteBuffer all = ByteBuffer.allocate(read.length());
            read.pieces().forEach(piece -> all.put(piece.duplicate()));
            if (all.hasRemaining()) {
                throw new AssertionError("pieces are shorter than they say");
            }
            return all.array();
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    /** Writes bytes that follow from the seed. */
    record Write(int of, long offset, int length, long seed, boolean open) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle file = side.handle(of).orElseThrow();
            byte[] bytes = new byte[length];
            new Random(seed).nextBytes(bytes);
            ByteBuffer data = ByteBuffer.wrap(bytes);
            var result = open
                    ? side.fs().writeOpen(op, file, offset, data)
                    : side.fs().write(op, file, offset, data);
            return result.count() + " " + side.tell(file, result.after());
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Allocate(int of, long offset, long length, boolean hole) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle file = side.handle(of).orElseThrow();
            return side.tell(
                    file,
                    hole
                            ? side.fs().deallocate(op, file, offset, length)
                            : side.fs().allocate(op, file, offset, length));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Seek(int of, long offset, boolean data) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            String found = side.fs()
                    .seek(op, side.handle(of).orElseThrow(), offset, data)
                    .toString();
            return side.isExactAboutAllocation() ? found : "some offset";
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Commit(int of) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            side.fs().commit(op, side.handle(of).orElseThrow());
            return "done";
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record GetXattr(int of, Name name) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            return side.fs().getXattr(op, side.handle(of).orElseThrow(), name).toString();
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record SetXattr(int of, Name name, Bytes value, XattrFlag flag) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle inode = side.handle(of).orElseThrow();
            return side.tell(inode, side.fs().setXattr(op, inode, name, value, flag));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record RemoveXattr(int of, Name name) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle inode = side.handle(of).orElseThrow();
            return side.tell(inode, side.fs().removeXattr(op, inode, name));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record ListXattrs(int of) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            return side.fs().listXattrs(op, side.handle(of).orElseThrow()).toString();
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Pin(int of) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle inode = side.handle(of).orElseThrow();
            side.fs().pin(inode);
            side.pinned().add(inode);
            return "pinned";
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    /** Gives back one of the pins there are. */
    record Unpin(int which) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            List<FileHandle> pinned = side.pinned();
            if (!pinned.isEmpty()) {
                Collections.swap(pinned, which % pinned.size(), pinned.size() - 1);
                side.fs().unpin(pinned.remove(pinned.size() - 1));
            }
            return "unpinned";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    record Restart() implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.restart();
            return "restarted";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    record EndGrace() implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.fs().endGrace();
            return "grace is over";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    record Disturb(int choice) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.subject().disturb(choice);
            return "disturbed";
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    /** Does an operation, and remembers what its labels stand for, so that it can be sent {@link Again}. */
    record Sent(Operation operation, Origin origin) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            side.sent(origin);
            return operation.outcome(new OpContext(op.credentials(), origin), side);
        }

        @Override
        public List<Integer> labels() {
            return operation.labels();
        }
    }

    /** Sends a request of before again, whatever has happened since: the client did not hear the answer, or wants it once more. */
    record Again(Operation operation, Origin origin) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            Optional<Map<Integer, FileHandle>> then = side.labelsWhenSent(origin);
            if (then.isEmpty()) {
                return "skipped";
            }
            Map<Integer, FileHandle> now = side.labels();
            side.relabel(then.get());
            String outcome = operation.outcome(new OpContext(op.credentials(), origin), side);
            side.relabel(now);
            return outcome;
        }

        @Override
        public List<Integer> labels() {
            return List.of();
        }
    }

    /** Restarts right after an operation, and sends it again: the answer must be the same, once. */
    record Resend(Operation operation) implements Operation {
        @Override
        public String run(OpContext op, Side side) {
            Map<Integer, FileHandle> labels = side.labels();
            String first = operation.outcome(op, side);
            side.restart();
            OpContext again = new OpContext(op.credentials(), op.origin().orElseThrow());
            side.relabel(labels);
            String second = operation.outcome(again, side);
            side.relabel(labels);
            String third = operation.outcome(again, side);
            return first + " | " + second + " | " + third;
        }

        @Override
        public List<Integer> labels() {
            return operation.labels();
        }
    }
}
