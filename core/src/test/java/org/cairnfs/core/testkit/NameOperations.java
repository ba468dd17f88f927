package org.cairnfs.core.testkit;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Created;
import org.cairnfs.core.fs.DirectoryPage;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.FsException;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.Node;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.core.fs.RenameFlag;
import org.cairnfs.core.fs.Renamed;

/** Operations on names and directories. */
final class NameOperations {
    private NameOperations() {}

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
}
