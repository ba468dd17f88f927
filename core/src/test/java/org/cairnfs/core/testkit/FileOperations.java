package org.cairnfs.core.testkit;

import com.google.common.hash.Hashing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.cairnfs.core.fs.Attributes;
import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.CloneRequest;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.ReadResult;
import org.cairnfs.core.fs.SetAttributes;
import org.cairnfs.core.fs.SparseRead;
import org.cairnfs.core.fs.XattrFlag;

/** Operations on one inode: attributes, contents, extended attributes, being open. */
final class FileOperations {
    private FileOperations() {}

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

    record ReadSparse(int of, long offset, int length, boolean open) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle file = side.handle(of).orElseThrow();
            SparseRead read = open
                    ? side.fs().readSparseOpen(op, file, offset, length)
                    : side.fs().readSparse(op, file, offset, length);
            StringBuilder holes = new StringBuilder();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            long at = offset;
            for (SparseRead.Segment segment : read.segments()) {
                if (segment.offset() != at || segment.length() <= 0) {
                    throw new AssertionError("segments with gaps: " + read);
                }
                at += segment.length();
                bytes.writeBytes(bytes(segment));
                if (segment.isHole()) {
                    holes.append(segment.offset())
                            .append('+')
                            .append(segment.length())
                            .append(' ');
                }
            }
            return (side.isExactAboutAllocation() ? "holes " + holes : "") + "end " + read.end() + ", hash "
                    + Hashing.murmur3_128().hashBytes(bytes.toByteArray());
        }

        private static byte[] bytes(SparseRead.Segment segment) {
            if (segment.isHole()) {
                return new byte[segment.length()];
            }
            return Read.bytes(new ReadResult(segment.pieces(), segment.length(), false));
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

    record Allocate(int of, long offset, long length, boolean hole, boolean open) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle file = side.handle(of).orElseThrow();
            return side.tell(file, hole ? deallocate(op, side.fs(), file) : allocate(op, side.fs(), file));
        }

        private Attributes deallocate(OpContext op, FileSystem fs, FileHandle file) throws FsException {
            return open ? fs.deallocateOpen(op, file, offset, length) : fs.deallocate(op, file, offset, length);
        }

        private Attributes allocate(OpContext op, FileSystem fs, FileHandle file) throws FsException {
            return open ? fs.allocateOpen(op, file, offset, length) : fs.allocate(op, file, offset, length);
        }

        @Override
        public List<Integer> labels() {
            return List.of(of);
        }
    }

    record Clone(int of, long offset, int into, long to, long length, boolean fromOpen, boolean toOpen)
            implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle source = side.handle(of).orElseThrow();
            FileHandle target = side.handle(into).orElseThrow();
            return side.tell(
                    target,
                    side.fs().cloneRange(op, new CloneRequest(source, offset, target, to, length, fromOpen, toOpen)));
        }

        @Override
        public List<Integer> labels() {
            return List.of(of, into);
        }
    }

    record Seek(int of, long offset, boolean data, boolean open) implements Operation {
        @Override
        public String run(OpContext op, Side side) throws FsException {
            FileHandle file = side.handle(of).orElseThrow();
            OptionalLong found = open
                    ? side.fs().seekOpen(op, file, offset, data)
                    : side.fs().seek(op, file, offset, data);
            return side.isExactAboutAllocation() ? found.toString() : "some offset";
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
}
