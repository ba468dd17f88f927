package org.cairnfs.server.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.cairnfs.server.load.Pipeline.Operation;
import org.cairnfs.server.load.Results.FailedException;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Op;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.StateOps;
import org.cairnfs.server.nfs.xdr.XdrException;
import org.cairnfs.server.nfs.xdr.XdrReader;

/**
 * Files that a client makes in its directory, asks for, lists, renames and removes. What it is told must be what it did: an answer about another file,
 * and a listing with other names, are errors. For one thread at a time.
 */
final class MetadataLoad {
    private final LoadClient client;
    private final Op putDirectory;
    private final Random random;
    private final List<Made> files = new ArrayList<>();
    private String prefix = "file-";

    /** A file that was made. */
    private record Made(int number, Op putFh, long id) {}

    MetadataLoad(LoadClient client, long seed) {
        this.client = client;
        this.putDirectory = Ops.putFh(client.directory());
        this.random = new Random(seed + client.number());
    }

    private String name(int number) {
        return prefix + number;
    }

    private void run(Pipeline.Source source, Tally tally) throws IOException, XdrException, FailedException {
        Pipeline.run(client.session(), source, tally);
    }

    /**
     * Makes files while it is told to go on: OPEN and CLOSE, two requests, as any client does.
     *
     * @param most files of this client
     */
    void create(BooleanSupplier more, int most, Tally tally) throws IOException, XdrException, FailedException {
        int[] next = {files.size()};
        run(slot -> next[0] < most && more.getAsBoolean() ? new Create(next[0]++) : null, tally);
    }

    private final class Create implements Operation {
        private final int number;
        private Made made;

        Create(int number) {
            this.number = number;
        }

        @Override
        public Request first() {
            return Request.of(putDirectory, LoadClient.create(name(number)), Ops.getFh(), Attributes.getAttr());
        }

        @Override
        public Request next(Results results) throws XdrException, FailedException {
            results.ok(OpCode.PUTFH);
            if (made != null) {
                results.ok(OpCode.CLOSE);
                files.add(made);
                return null;
            }
            Stateid stateid = results.opened();
            Op putFh = Ops.putFh(results.handle());
            made = new Made(number, putFh, Attributes.fileId(results.ok(OpCode.GETATTR)));
            return Request.of(putFh, StateOps.close(0, stateid));
        }
    }

    /** Asks for the attributes of files by their handles. */
    void getAttr(BooleanSupplier more, Tally tally) throws IOException, XdrException, FailedException {
        run(slot -> more.getAsBoolean() ? new Ask(any(), false) : null, tally);
    }

    /** Looks files up by their names, with handle and attributes. */
    void lookup(BooleanSupplier more, Tally tally) throws IOException, XdrException, FailedException {
        run(slot -> more.getAsBoolean() ? new Ask(any(), true) : null, tally);
    }

    private Made any() {
        return files.get(random.nextInt(files.size()));
    }

    private final class Ask implements Operation {
        private final Made file;
        private final boolean byName;

        Ask(Made file, boolean byName) {
            this.file = file;
            this.byName = byName;
        }

        @Override
        public Request first() {
            return byName
                    ? Request.of(putDirectory, Ops.lookup(name(file.number())), Ops.getFh(), Attributes.getAttr())
                    : Request.of(file.putFh(), Attributes.getAttr());
        }

        @Override
        public Request next(Results results) throws XdrException, FailedException {
            results.ok(OpCode.PUTFH);
            if (byName) {
                results.ok(OpCode.LOOKUP).handle();
            }
            long id = Attributes.fileId(results.ok(OpCode.GETATTR));
            if (id != file.id()) {
                throw new FailedException("the attributes of another file");
            }
            return null;
        }
    }

    /** Lists the directory with attributes, page by page; an operation is a page, and what is moved, entries. */
    void list(Tally tally) throws IOException, XdrException, FailedException {
        Set<String> found = new HashSet<>();
        long cookie = 0;
        long verifier = 0;
        boolean end = false;
        while (!end) {
            long begun = System.nanoTime();
            XdrReader in = client.session()
                    .call(putDirectory, Attributes.readDir(cookie, verifier))
                    .ok(OpCode.PUTFH, OpCode.READDIR)
                    .in();
            verifier = in.readHyper();
            while (in.readBoolean()) {
                cookie = in.readHyper();
                String name = in.readUtf8(255);
                Attributes.skip(in);
                if (!found.add(name)) {
                    tally.failed("READDIR told a name twice");
                }
                tally.moved(1);
            }
            end = in.readBoolean();
            tally.done(System.nanoTime() - begun);
        }
        for (Made file : files) {
            if (!found.remove(name(file.number()))) {
                tally.failed("READDIR did not tell a name");
            }
        }
        if (!found.isEmpty()) {
            tally.failed("READDIR told a name that is not there");
        }
    }

    /** Gives each file another name in the same directory. */
    void rename(Tally tally) throws IOException, XdrException, FailedException {
        String to = prefix.equals("file-") ? "name-" : "file-";
        int[] next = {0};
        run(
                slot -> next[0] == files.size()
                        ? null
                        : new Change(
                                OpCode.RENAME,
                                Request.of(
                                        putDirectory,
                                        Ops.saveFh(),
                                        Ops.rename(
                                                name(files.get(next[0]).number()),
                                                to + files.get(next[0]++).number()))),
                tally);
        prefix = to;
    }

    /** Removes each file. */
    void unlink(Tally tally) throws IOException, XdrException, FailedException {
        int[] next = {0};
        run(
                slot -> next[0] == files.size()
                        ? null
                        : new Change(
                                OpCode.REMOVE,
                                Request.of(
                                        putDirectory,
                                        Ops.remove(name(files.get(next[0]++).number())))),
                tally);
        files.clear();
    }

    int files() {
        return files.size();
    }

    private record Change(OpCode code, Request first) implements Operation {
        @Override
        public Request next(Results results) throws XdrException, FailedException {
            results.ok(OpCode.PUTFH);
            if (code == OpCode.RENAME) {
                results.ok(OpCode.SAVEFH);
            }
            results.ok(code);
            return null;
        }
    }
}
